'use strict';
// dcmjs-dimse on PORT as OPTIONS says (JSON): who may call whom, what it serves, TLS.
const fs = require('fs');
const dimse = require('dcmjs-dimse');

const { RejectResult, RejectSource, RejectReason, PresentationContextResult, SopClass } =
  dimse.constants;
const [port, options] = [Number(process.argv[2]), JSON.parse(process.argv[3])];

let open = 0;

class Archive extends dimse.Scp {
  constructor(socket, given) {
    super(socket, given);
    open += 1;
    socket.on('close', () => {
      open -= 1;
    });
  }

  associationRequested(association) {
    if (options.limit && open > options.limit) {
      this.sendAssociationReject(
        RejectResult.Transient,
        RejectSource.ServiceProviderPresentation,
        RejectReason.LocalLimitExceeded
      );
      return;
    }
    const reason = this.reasonAgainst(association);
    if (reason !== undefined) {
      this.sendAssociationReject(RejectResult.Permanent, RejectSource.ServiceUser, reason);
      return;
    }
    for (const { id } of association.getPresentationContexts()) {
      const context = association.getPresentationContext(id);
      const served = context.getAbstractSyntaxUid() === SopClass.Verification && options.echo;
      if (served) {
        context.setResult(PresentationContextResult.Accept, context.getTransferSyntaxUids()[0]);
      } else {
        context.setResult(PresentationContextResult.RejectAbstractSyntaxNotSupported);
      }
    }
    this.sendAssociationAccept();
  }

  reasonAgainst(association) {
    if (options.calling && association.getCallingAeTitle() !== options.calling) {
      return RejectReason.CallingAeNotRecognized;
    }
    if (options.called && association.getCalledAeTitle() !== options.called) {
      return RejectReason.CalledAeNotRecognized;
    }
    if (options.identity && !association.getNegotiateUserIdentity()) {
      return RejectReason.NoReasonGiven;
    }
    return undefined;
  }

  cEchoRequest(request, callback) {
    if (options.crashes) {
      process.exit(1);
    }
    const response = dimse.responses.CEchoResponse.fromRequest(request);
    response.setStatus(dimse.constants.Status.Success);
    callback(response);
  }

  associationReleaseRequested() {
    this.sendAssociationReleaseResponse();
  }
}

const server = new dimse.Server(Archive);
server.on('networkError', (error) => console.log('network error:', error.message));
const tls = options.tls && {
  key: fs.readFileSync(options.tls.key),
  cert: fs.readFileSync(options.tls.cert),
  ca: fs.readFileSync(options.tls.ca),
  requestCert: true,
  rejectUnauthorized: options.tls.demands,
};
server.listen(port, tls ? { securityOptions: tls } : {});
