/*
 * tls/waiting.h: trusted certificates that are made ready for use when a chain first asks for them. Of a file with all
 * roots of the web a run needs a few, and most of what a certificate costs is its key.
 */
#ifndef TLS_WAITING_H
#define TLS_WAITING_H

#include <openssl/x509.h>

/*
 * Adds what a PEM file holds to the store: certificates, and lists of revoked ones. How many; -1: one is malformed, and
 * OpenSSL's error queue says how. Once for a store, which one thread alone may use.
 */
int tls_waiting_add(X509_STORE *store, BIO *bio);

#endif
