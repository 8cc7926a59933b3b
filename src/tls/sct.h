/*
 * tls/sct.h: signed certificate timestamps (RFC 6962): how many there are, wherever they come from. Whether a log
 * stands behind them is not asked: that takes the browsers' lists of logs.
 */
#ifndef TLS_SCT_H
#define TLS_SCT_H

#include <stddef.h>

/* Of a SignedCertificateTimestampList (RFC 6962 3.3); 0 if it is malformed anywhere. */
size_t tls_sct_count(const void *octets, size_t length);

struct asn1_string_st;

/* Of the value of an X.509 or OCSP extension, which holds the list as an OCTET STRING. */
size_t tls_sct_count_extension(const struct asn1_string_st *value);

#endif
