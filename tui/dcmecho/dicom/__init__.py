"""The conversation with a peer: the only place, beside the lab, that knows pynetdicom."""

from dcmecho.dicom.deferring import defer_unneeded

defer_unneeded()
