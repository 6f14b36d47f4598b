import com.pixelmed.network.ReceivedObjectHandler;
import com.pixelmed.network.StorageSOPClassSCPDispatcher;
import java.io.File;

/** PixelMed's storage server: PORT TITLE FOLDER SECURE. It accepts queries, and cannot serve them. */
public class PixelmedServer {
    public static void main(String[] given) throws Exception {
        ReceivedObjectHandler handler = new ReceivedObjectHandler() {
            @Override
            public void sendReceivedObjectIndication(String file, String syntax, String caller) {}
        };
        new StorageSOPClassSCPDispatcher(
                Integer.parseInt(given[0]), given[1], new File(given[2]), handler,
                null, null, null, Boolean.parseBoolean(given[3])).run();
    }
}
