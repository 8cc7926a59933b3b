#include "tls/path_graph.h"

#include "tls/certificate.h"

#include "base/memory.h"

#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_MAX (2 * TLS_PATH_NODES_MAX)

typedef struct signature {
    uint16_t subject, issuer;
    bool good;
} signature;

struct tls_path_graph {
    X509_STORE_CTX *context;
    tls_path_node nodes[TLS_PATH_NODES_MAX];
    const X509_NAME *names[NAMES_MAX];
    bool asked[NAMES_MAX]; /* the trust store has been, for certificates with this subject */
    signature signatures[TLS_PATH_SIGNATURES_MAX];
    size_t node_count, name_count, signature_count;
    bool cut;
};

/* -- Nodes --------------------------------------------------------------------------------------------------------- */

/* There are two names of a node at most, so there is always room. */
static uint16_t number_of(tls_path_graph *graph, const X509_NAME *name)
{
    for (size_t i = 0; i < graph->name_count; i++)
        if (X509_NAME_cmp(graph->names[i], name) == 0)
            return (uint16_t)i;
    graph->names[graph->name_count] = name;
    return (uint16_t)graph->name_count++;
}

static tls_path_node *find(tls_path_graph *graph, const X509 *x509)
{
    for (size_t i = 0; i < graph->node_count; i++)
        if (X509_cmp(graph->nodes[i].x509, x509) == 0)
            return &graph->nodes[i];
    return NULL;
}

static void add(tls_path_graph *graph, X509 *x509, int sent, bool trusted)
{
    tls_path_node *node = find(graph, x509);

    if (node != NULL) {
        node->trusted |= trusted;
        return;
    }
    if (graph->node_count == TLS_PATH_NODES_MAX) {
        graph->cut = true;
        return;
    }
    if (X509_up_ref(x509) != 1)
        base_out_of_memory();
    node = &graph->nodes[graph->node_count++];
    *node = (tls_path_node){.x509 = x509,
                            .sent = sent,
                            .trusted = trusted,
                            .subject = number_of(graph, X509_get_subject_name(x509)),
                            .issuer = number_of(graph, X509_get_issuer_name(x509)),
                            .not_before = tls_certificate_time(X509_get0_notBefore(x509)),
                            .not_after = tls_certificate_time(X509_get0_notAfter(x509))};
}

tls_path_graph *tls_path_graph_new(X509_STORE_CTX *context)
{
    tls_path_graph *graph = base_allocate(sizeof *graph);
    const STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(context);

    graph->context = context;
    add(graph, X509_STORE_CTX_get0_cert(context), 0, false);
    for (int i = 0; i < sk_X509_num(sent); i++)
        add(graph, sk_X509_value(sent, i), i, false);
    return graph;
}

void tls_path_graph_free(tls_path_graph *graph)
{
    for (size_t i = 0; i < graph->node_count; i++)
        X509_free(graph->nodes[i].x509);
    free(graph);
}

const tls_path_node *tls_path_node_at(const tls_path_graph *graph, uint16_t node)
{
    return &graph->nodes[node];
}

bool tls_path_graph_is_cut(const tls_path_graph *graph)
{
    return graph->cut;
}

static void ask_store(tls_path_graph *graph, uint16_t name)
{
    STACK_OF(X509) * stored;

    if (graph->asked[name])
        return;
    graph->asked[name] = true;
    stored = X509_STORE_CTX_get1_certs(graph->context, graph->names[name]);
    for (int i = 0; i < sk_X509_num(stored); i++)
        add(graph, sk_X509_value(stored, i), -1, true);
    sk_X509_pop_free(stored, X509_free);
}

/* -- The order of issuers ------------------------------------------------------------------------------------------ */

/* Of the child's authority key identifier and the issuer's subject key identifier: 0 equal, 1 one is missing, 2 not. */
static int compare_identifiers(X509 *child, X509 *issuer)
{
    const ASN1_OCTET_STRING *asked = X509_get0_authority_key_id(child), *own = X509_get0_subject_key_id(issuer);

    if (asked == NULL || own == NULL)
        return 1;
    return ASN1_OCTET_STRING_cmp(asked, own) == 0 ? 0 : 2;
}

static int rank_of(const tls_path_node *child, const tls_path_node *issuer)
{
    static const int ranks[2][3] = {{2, 3, 5}, {0, 1, 4}};

    return ranks[issuer->trusted][compare_identifiers(child->x509, issuer->x509)];
}

static bool is_self_issued(const tls_path_node *node)
{
    return node->subject == node->issuer;
}

/* True if `a` is tried before `b`, which was found first. */
static bool comes_before(const tls_path_node *child, const tls_path_node *a, const tls_path_node *b)
{
    int difference = rank_of(child, a) - rank_of(child, b);

    if (difference == 0)
        difference = is_self_issued(b) - is_self_issued(a);
    if (difference != 0)
        return difference < 0;
    return a->not_before != b->not_before ? a->not_before > b->not_before : a->not_after > b->not_after;
}

size_t tls_path_nodes_for(tls_path_graph *graph, uint16_t node)
{
    ask_store(graph, graph->nodes[node].issuer);
    return graph->node_count;
}

size_t tls_path_issuers(tls_path_graph *graph, uint16_t node, uint16_t issuers[], size_t max)
{
    const tls_path_node *child = &graph->nodes[node];
    size_t count = 0;

    ask_store(graph, child->issuer);
    for (size_t i = 0; i < graph->node_count; i++) {
        size_t at = count;

        if (graph->nodes[i].subject != child->issuer)
            continue;
        for (; at > 0 && comes_before(child, &graph->nodes[i], &graph->nodes[issuers[at - 1]]); at--)
            if (at < max)
                issuers[at] = issuers[at - 1];
        if (at < max)
            issuers[at] = (uint16_t)i;
        count += count < max;
    }
    return count;
}

/* -- What certificates have in common ------------------------------------------------------------------------------ */

static bool is_same_key(const X509 *a, const X509 *b)
{
    const ASN1_BIT_STRING *one = X509_get0_pubkey_bitstr(a), *other = X509_get0_pubkey_bitstr(b);

    return ASN1_STRING_cmp((const ASN1_STRING *)one, (const ASN1_STRING *)other) == 0;
}

bool tls_path_is_same_authority(const tls_path_graph *graph, uint16_t a, uint16_t b)
{
    return graph->nodes[a].subject == graph->nodes[b].subject &&
           is_same_key(graph->nodes[a].x509, graph->nodes[b].x509);
}

bool tls_path_is_signed(tls_path_graph *graph, uint16_t subject, uint16_t issuer)
{
    EVP_PKEY *key;
    bool good;

    for (size_t i = 0; i < graph->signature_count; i++)
        if (graph->signatures[i].subject == subject && graph->signatures[i].issuer == issuer)
            return graph->signatures[i].good;
    if (graph->signature_count == TLS_PATH_SIGNATURES_MAX) {
        graph->cut = true;
        return false;
    }
    key = X509_get0_pubkey(graph->nodes[issuer].x509);
    good = key != NULL && X509_verify(graph->nodes[subject].x509, key) == 1;
    graph->signatures[graph->signature_count++] = (signature){subject, issuer, good};
    return good;
}
