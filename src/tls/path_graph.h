/*
 * tls/path_graph.h: the certificates among which a path is looked for: those that a server sent, and those of a trust
 * store that bear the name of an issuer. An issuer is found by its name alone: the key identifiers of RFC 5280 4.2.1.1
 * are a hint that puts it first or last, never a refusal.
 *
 * Memory is linear in the number of certificates. Thread rule: as of the X509_STORE_CTX.
 */
#ifndef TLS_PATH_GRAPH_H
#define TLS_PATH_GRAPH_H

#include <openssl/x509_vfy.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TLS_PATH_NODES_MAX 512      /* certificates; what is beyond is not looked at */
#define TLS_PATH_SIGNATURES_MAX 128 /* that are checked by tls_path_is_signed */

typedef struct tls_path_node {
    X509 *x509;
    int sent;                 /* its place among the certificates sent; -1: it came from the trust store */
    bool trusted;             /* the trust store has it */
    uint16_t subject, issuer; /* numbers of names: equal for equal names */
    int64_t not_before, not_after;
} tls_path_node;

typedef struct tls_path_graph tls_path_graph;

/* The leaf of `context` is node 0. What was sent twice is in it once. */
tls_path_graph *tls_path_graph_new(X509_STORE_CTX *context);
void tls_path_graph_free(tls_path_graph *graph);

const tls_path_node *tls_path_node_at(const tls_path_graph *graph, uint16_t node);

/*
 * The nodes whose subject is the issuer of `node`, in the order in which Chromium tries them (SortRemainingIssuers in
 * BoringSSL pki/path_builder.cc): what is trusted first, then by key identifiers, then self-issued ones, then the
 * newest. At most `max` of them; returns how many.
 */
size_t tls_path_issuers(tls_path_graph *graph, uint16_t node, uint16_t issuers[], size_t max);

/* How many nodes there are, once the trust store was asked for the issuers of `node`. */
size_t tls_path_nodes_for(tls_path_graph *graph, uint16_t node);

/* The same subject and the same key: another certificate of the same authority. */
bool tls_path_is_same_authority(const tls_path_graph *graph, uint16_t a, uint16_t b);

/* The key of `issuer` signed `subject`; each pair is computed once. False too when TLS_PATH_SIGNATURES_MAX were. */
bool tls_path_is_signed(tls_path_graph *graph, uint16_t subject, uint16_t issuer);

/* Some certificate or signature was beyond the limits. */
bool tls_path_graph_is_cut(const tls_path_graph *graph);

#endif
