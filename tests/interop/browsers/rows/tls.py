"""TLS itself: client certificates, versions, ciphers, alerts in answer to the ClientHello."""
import ssl

from row import Row

V = ssl.TLSVersion
LEGACY = "ALL:@SECLEVEL=0"


def alert(number):
    return b"\x15\x03\x03\x00\x02\x02" + bytes([number])


ROWS = [
    Row("a client certificate is required, TLS 1.3", "https://{h}/", tls={"verify_mode": ssl.CERT_REQUIRED}),
    Row("a client certificate is required, TLS 1.2", "https://{h}/",
        tls={"verify_mode": ssl.CERT_REQUIRED, "maximum_version": V.TLSv1_2}),
    Row("a client certificate is asked for, and nobody minds", "https://{h}/", tls={"verify_mode": ssl.CERT_OPTIONAL}),
    Row("TLS 1.0 alone", "https://{h}/",
        tls={"ciphers": LEGACY, "minimum_version": V.TLSv1, "maximum_version": V.TLSv1}),
    Row("TLS 1.1 alone", "https://{h}/",
        tls={"ciphers": LEGACY, "minimum_version": V.TLSv1_1, "maximum_version": V.TLSv1_1}),
    Row("TLS 1.2 alone", "https://{h}/", tls={"maximum_version": V.TLSv1_2}),
    Row("DHE and CBC with SHA-256 alone", "https://{h}/",
        tls={"ciphers": "ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:DHE-RSA-AES128-GCM-SHA256",
             "maximum_version": V.TLSv1_2}),
    Row("P-521 alone, TLS 1.3", "https://{h}/", held=(None,),
        tls={"minimum_version": V.TLSv1_3, "curve": "secp521r1"}),
    Row("P-521 alone, TLS 1.2", "https://{h}/", held=(None,),
        tls={"maximum_version": V.TLSv1_2, "curve": "secp521r1"}),
    Row("secp256k1 alone, TLS 1.2", "https://{h}/", held=(None,),
        tls={"maximum_version": V.TLSv1_2, "curve": "secp256k1"}),
    *[Row("alert %d in answer to the ClientHello" % number, "https://{h}/", hello=alert(number))
      for number in (10, 40, 47, 70, 71, 80, 86, 112, 120)],
    *[Row("alert %d in answer to the ClientHello" % number, "https://{h}/", hello=alert(number), held=(None,))
      for number in (22, 42, 48, 51, 90, 100, 109, 110, 113)],
]
