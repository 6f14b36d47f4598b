"""Names that tables give the values of a target, in English, German, Spanish, Portuguese, French.

In lower case letters and digits, without accents. Of several columns of a table, the name that
stands first here is preferred.
"""

from __future__ import annotations

NAME = (
    *("target", "station", "stationname", "device", "devicename", "system", "systemname"),
    *("label", "symbolicname", "alias", "displayname", "friendlyname", "description"),
    *("nodename", "node", "equipment", "equipmentname", "modalityname"),
    *("bezeichnung", "beschreibung", "gerat", "geraet", "geratename", "geraetename"),
    *("knoten", "stationsname", "anzeigename"),
    *("nombre", "equipo", "dispositivo", "estacion", "nodo", "descripcion"),
    *("nome", "equipamento", "estacao", "descricao"),
    *("nom", "appareil", "equipement", "poste", "noeud", "libelle"),
)
HOST = (
    *("hostname", "dnsname", "fqdn", "server", "servername", "hostnameip", "iphostname"),
    *("ip", "ipaddress", "address", "hostip", "iphost", "ipaddr", "ipv4", "ipv4address"),
    *("ipv6", "ipv6address", "hostaddress", "networkaddress", "tcpipaddress", "dicomhostname"),
    *("rechner", "rechnername", "ipadresse", "adresse", "netzwerkadresse"),
    *("servidor", "nombredehost", "nombrehost", "direccionip", "direccion", "ipdireccion"),
    *("nomedohost", "nomehost", "enderecoip", "endereco", "ipendereco"),
    *("hote", "nomdhote", "nomhote", "serveur", "adresseip", "ipserveur"),
)
PORT = (
    *("dicomport", "portnumber", "portno", "tcpport", "tcpipport", "scpport", "listenport"),
    *("portnummer", "portnr", "nodepuerto", "dicomportnummer"),
    *("puerto", "puertodicom", "puertotcp", "numerodepuerto", "numeropuerto", "npuerto"),
    *("porta", "portadicom", "portatcp", "numerodaporta", "numerodeporta", "nporta", "nodaporta"),
    *("portdicom", "porttcp", "numerodeport", "numeroport", "ndeport", "nport", "nodeport"),
)
CALLED_AE = (
    *("calledaet", "calledaetitle", "called", "aet", "aetitle", "ae", "aetitlename"),
    *("dicomaetitle", "remoteaet", "remoteaetitle", "peeraet", "peeraetitle", "title"),
    *("applicationentity", "applicationentitytitle", "aec", "dicomaet", "dicomae", "aename"),
    *("titleae", "scpaetitle", "scpaet", "targetaet", "targetaetitle"),
    *("aetitel", "titelae", "gerufeneraetitel", "calledaetitel", "zielaetitel"),
    *("tituloae", "titulodeae", "titulodelae", "aetitulo", "aellamado", "aeremoto"),
    *("titulodaae", "titulodoae", "aechamado"),
    *("titreae", "titredae", "titredelae", "titredelentiteapplicative", "aetitre", "aeappele"),
)
CALLING_AE = (
    *("callingaet", "callingaetitle", "calling", "localaet", "localaetitle", "ouraet"),
    *("ouraetitle", "ourtitle", "localae", "myaet", "myaetitle", "sourceaet", "sourceaetitle"),
    *("scuaetitle", "scuaet", "aetitlecalling"),
    *("rufenderaetitel", "eigeneraetitel", "lokaleraetitel", "callingaetitel"),
    *("aellamante", "aelocal", "aetlocal", "tituloaelocal", "aechamador", "aeappelant"),
    *("titreaelocal", "titreaeappelant"),
)
GROUP = (
    *("department", "dept", "site", "location", "facility", "hospital"),
    *("gruppe", "abteilung", "standort", "klinik"),
    *("grupo", "departamento", "servicio", "sitio", "ubicacion", "sede"),
    *("setor", "localizacao", "unidade", "groupe", "departement", "emplacement", "lieu"),
)
NOTES = (
    *("note", "comment", "comments", "remark", "remarks", "description"),
    *("bemerkung", "bemerkungen", "kommentar", "notiz", "notizen", "anmerkung", "beschreibung"),
    *("notas", "comentario", "comentarios", "observaciones", "descripcion"),
    *("observacoes", "descricao", "commentaire", "commentaires", "remarque", "remarques"),
)
