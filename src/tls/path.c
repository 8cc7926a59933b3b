#include "tls/path.h"

#include "tls/path_graph.h"

#include "base/memory.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#define TRIES_MAX (FACTS_PATH_CHROMIUM_STEPS + 1) /* a path takes a step, and the second search adds one */
#define NOBODY (-1)

struct tls_paths {
    tls_path_graph *graph;
    const STACK_OF(X509) * sent;
    int64_t now;
    tls_path_try tries[TRIES_MAX];
    size_t count;
    int chromium;     /* the try that Chromium takes: a good one, or the one whose errors it shows; NOBODY: none */
    int firefox;      /* a good one that is short enough for Firefox; NOBODY: there is none */
    bool is_at_limit; /* Chromium has not tried them all */
};

/* -- A try --------------------------------------------------------------------------------------------------------- */

static bool is_good(const tls_path_try *try)
{
    return try->anchored && try->record.count == 0;
}

static void verify_try(const tls_paths *paths, tls_path_try *try)
{
    const tls_verify_path path = {try->certificates, try->count, try->anchored, paths->sent};

    tls_verify_exactly(&path, paths->now, &try->record);
}

/* CertPathBuilder::AddResultPath: the first good one; else the first that ends at what is trusted; else the first. */
static void choose_for_chromium(tls_paths *paths, int added)
{
    const tls_path_try *best = paths->chromium == NOBODY ? NULL : &paths->tries[paths->chromium];
    const tls_path_try *try = &paths->tries[added];

    if (best == NULL || is_good(try) || (try->anchored && !best->anchored))
        paths->chromium = added;
}

/* -- As Chromium does ---------------------------------------------------------------------------------------------- */

/* One certificate of the path that is being built, with the issuers that are still to be tried. */
typedef struct frame {
    uint16_t node, issuers[FACTS_PATH_CHROMIUM_STEPS];
    size_t count, at, skipped;
} frame;

typedef struct walk {
    tls_paths *paths;
    frame frames[FACTS_PATH_CHROMIUM_STEPS + 1];
    size_t depth;
} walk;

static void push(walk *w, uint16_t node)
{
    frame *f = &w->frames[w->depth++];

    *f = (frame){.node = node};
    f->count = tls_path_issuers(w->paths->graph, node, f->issuers, FACTS_PATH_CHROMIUM_STEPS);
}

static bool is_on_path(const walk *w, uint16_t node)
{
    for (size_t i = 0; i < w->depth; i++)
        if (tls_path_is_same_authority(w->paths->graph, w->frames[i].node, node))
            return true;
    return false;
}

/* True if the path is good. `anchor`: the trusted one at its end; NOBODY: it ends without. */
static bool try_path(walk *w, int anchor)
{
    tls_paths *paths = w->paths;
    tls_path_try *try = &paths->tries[paths->count];

    *try = (tls_path_try){.anchored = anchor != NOBODY};
    for (size_t i = 0; i < w->depth; i++)
        try->certificates[try->count++] = tls_path_node_at(paths->graph, w->frames[i].node)->x509;
    /* A certificate that is trusted itself is its own path. */
    if (anchor > 0 || (anchor == 0 && w->depth > 1))
        try->certificates[try->count++] = tls_path_node_at(paths->graph, (uint16_t)anchor)->x509;
    verify_try(paths, try);
    choose_for_chromium(paths, (int)paths->count++);
    return is_good(try);
}

/* False: a good path was found, or there is no other. */
static bool step(walk *w)
{
    frame *f = &w->frames[w->depth - 1];
    uint16_t issuer;

    if (f->at == f->count) {
        if (f->skipped == f->count)
            try_path(w, NOBODY);
        return --w->depth > 0;
    }
    issuer = f->issuers[f->at++];
    if (tls_path_node_at(w->paths->graph, issuer)->trusted)
        return !try_path(w, issuer);
    if (is_on_path(w, issuer))
        f->skipped++;
    else
        push(w, issuer);
    return true;
}

static void search_as_chromium(tls_paths *paths)
{
    walk *w = base_allocate(sizeof *w);
    bool more = true;

    w->paths = paths;
    push(w, 0);
    for (int i = 0; more && i < FACTS_PATH_CHROMIUM_STEPS; i++)
        more = step(w);
    paths->is_at_limit = more;
    free(w);
}

/* -- As far as Firefox does ---------------------------------------------------------------------------------------- */

typedef struct climb {
    tls_paths *paths;
    uint16_t nodes[FACTS_PATH_FIREFOX_LENGTH];
    size_t length, steps, verified;
} climb;

static bool may_issue(const climb *c, uint16_t node)
{
    const tls_path_node *issuer = tls_path_node_at(c->paths->graph, node);

    for (size_t i = 0; i < c->length; i++)
        if (tls_path_is_same_authority(c->paths->graph, c->nodes[i], node))
            return false;
    return issuer->not_before <= c->paths->now && issuer->not_after >= c->paths->now && X509_check_ca(issuer->x509) > 0;
}

static bool is_good_end(climb *c, uint16_t anchor)
{
    tls_paths *paths = c->paths;
    tls_path_try *try = &paths->tries[paths->count];

    if (c->verified++ == TLS_PATH_SHORT_VERIFIED)
        c->steps = TLS_PATH_SHORT_STEPS;
    if (c->steps >= TLS_PATH_SHORT_STEPS)
        return false;
    *try = (tls_path_try){.anchored = true};
    for (size_t i = 0; i < c->length; i++)
        try->certificates[try->count++] = tls_path_node_at(paths->graph, c->nodes[i])->x509;
    try->certificates[try->count++] = tls_path_node_at(paths->graph, anchor)->x509;
    verify_try(paths, try);
    if (!is_good(try))
        return false;
    paths->firefox = (int)paths->count++;
    return true;
}

static bool climb_on(climb *c, bool to_trusted);

static bool climb_to(climb *c, uint16_t subject, uint16_t issuer)
{
    const tls_path_node *node = tls_path_node_at(c->paths->graph, issuer);
    bool found;

    if (node->trusted)
        return tls_path_is_signed(c->paths->graph, subject, issuer) && is_good_end(c, issuer);
    if (c->length + 1 >= FACTS_PATH_FIREFOX_LENGTH || !may_issue(c, issuer) ||
        !tls_path_is_signed(c->paths->graph, subject, issuer))
        return false;
    c->nodes[c->length++] = issuer;
    found = climb_on(c, true) || climb_on(c, false);
    c->length--;
    return found;
}

/* Roots first, as Firefox does. No deeper than FACTS_PATH_FIREFOX_LENGTH. */
static bool climb_on(climb *c, bool to_trusted)
{
    tls_path_graph *graph = c->paths->graph;
    uint16_t subject = c->nodes[c->length - 1], name = tls_path_node_at(graph, subject)->issuer;
    size_t count = tls_path_nodes_for(graph, subject);

    for (size_t i = 0; i < count && c->steps < TLS_PATH_SHORT_STEPS; i++) {
        const tls_path_node *node = tls_path_node_at(graph, (uint16_t)i);

        if (node->subject != name || node->trusted != to_trusted)
            continue;
        c->steps++;
        if (climb_to(c, subject, (uint16_t)i))
            return true;
    }
    return false;
}

static void search_short(tls_paths *paths)
{
    climb c = {.paths = paths, .length = 1};

    if (!climb_on(&c, true))
        climb_on(&c, false);
}

/* -- Both ---------------------------------------------------------------------------------------------------------- */

static tls_paths *search(X509_STORE_CTX *context)
{
    tls_paths *paths = base_allocate(sizeof *paths);
    const tls_path_try *chromium;

    paths->graph = tls_path_graph_new(context);
    paths->sent = X509_STORE_CTX_get0_untrusted(context);
    paths->now = (int64_t)X509_VERIFY_PARAM_get_time(X509_STORE_CTX_get0_param(context));
    paths->chromium = paths->firefox = NOBODY;
    search_as_chromium(paths);
    chromium = paths->chromium == NOBODY ? NULL : &paths->tries[paths->chromium];
    if (chromium != NULL && is_good(chromium) && chromium->count <= FACTS_PATH_FIREFOX_LENGTH)
        paths->firefox = paths->chromium;
    else if (paths->is_at_limit || (chromium != NULL && is_good(chromium)))
        search_short(paths);
    return paths;
}

void tls_paths_free(tls_paths *paths)
{
    if (paths == NULL)
        return;
    tls_path_graph_free(paths->graph);
    free(paths);
}

size_t tls_paths_count(const tls_paths *paths)
{
    return paths->count;
}

const tls_path_try *tls_paths_at(const tls_paths *paths, size_t index)
{
    return &paths->tries[index];
}

/* -- Which one is taken -------------------------------------------------------------------------------------------- */

/* OpenSSL's path is good, and is the only one there could be: no browser finds another one, nor gives up. */
static bool is_plain(X509_STORE_CTX *context, const tls_verify_record *record)
{
    const STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(context);
    int count = sk_X509_num(sent);

    if (record->count > 0 || count > FACTS_PATH_FIREFOX_LENGTH ||
        sk_X509_num(X509_STORE_CTX_get0_chain(context)) > FACTS_PATH_FIREFOX_LENGTH)
        return false;
    for (int i = 1; i < count; i++)
        for (int k = 0; k < i; k++)
            if (X509_NAME_cmp(X509_get_subject_name(sk_X509_value(sent, i)),
                              X509_get_subject_name(sk_X509_value(sent, k))) == 0)
                return false;
    return true;
}

/* The context and the record say what they would say if OpenSSL had built this path. */
static void take(X509_STORE_CTX *context, const tls_path_try *try, tls_verify_record *record)
{
    STACK_OF(X509) *chain = sk_X509_new_null();

    for (size_t i = 0; chain != NULL && i < try->count; i++)
        if (X509_up_ref(try->certificates[i]) != 1 || sk_X509_push(chain, try->certificates[i]) <= 0)
            base_out_of_memory();
    if (chain == NULL)
        base_out_of_memory();
    X509_STORE_CTX_set0_verified_chain(context, chain);
    record->count = try->record.count;
    memcpy(record->errors, try->record.errors, record->count * sizeof *record->errors);
    X509_STORE_CTX_set_error(context, record->count > 0 ? record->errors[0].number : X509_V_OK);
}

/* -- Several bad paths --------------------------------------------------------------------------------------------- */

/* The server's own certificate is judged after the path. */
static bool is_of_path(const facts_tls_error *error)
{
    return error->depth > 0 && error->code != FACTS_TLS_BAD_SIGNATURE && error->code != FACTS_TLS_UNTRUSTED_ROOT &&
           error->code != FACTS_TLS_ISSUER_MISSING;
}

/* Why Firefox goes no further on this path: it looks at names, then at each certificate going up, and at signatures
 * coming down again. FACTS_TLS_CODES: the path itself is good. */
static facts_tls_code stop_of(const tls_path_try *try)
{
    const tls_verify_record *record = &try->record;
    const facts_tls_error *lowest = NULL;
    bool is_signed = true;

    for (size_t i = 0; i < record->count; i++) {
        const facts_tls_error *error = &record->errors[i];

        if (error->code == FACTS_TLS_NAME_CONSTRAINTS)
            return error->code;
        is_signed = is_signed && error->code != FACTS_TLS_BAD_SIGNATURE;
        if (is_of_path(error) && (lowest == NULL || error->depth < lowest->depth))
            lowest = error;
    }
    if (lowest != NULL)
        return lowest->code;
    if (!try->anchored)
        return FACTS_TLS_ISSUER_MISSING;
    return is_signed ? FACTS_TLS_CODES : FACTS_TLS_BAD_SIGNATURE;
}

/* PathBuildingStep::RecordResult: where paths fail for different reasons, Firefox names none of them. */
static void compare_tries(const tls_paths *paths, tls_verify_record *record)
{
    facts_tls_code first = stop_of(&paths->tries[0]);
    bool differ = false;

    for (size_t i = 0; i < paths->count; i++) {
        facts_tls_code stop = stop_of(&paths->tries[i]);

        if (stop == FACTS_TLS_CODES)
            return;
        differ = differ || stop != first;
    }
    if (differ && record->count < TLS_VERIFY_MAX)
        record->errors[record->count++] =
            (facts_tls_error){FACTS_TLS_NO_GOOD_PATH, facts_tls_code_text(FACTS_TLS_NO_GOOD_PATH), 0, 0, 0};
}

/* Nobody gets in, though OpenSSL does: there is a path, which is longer than any browser follows. */
static void refuse_length(X509_STORE_CTX *context, tls_verify_record *record)
{
    tls_verify_add(record, X509_V_ERR_CERT_CHAIN_TOO_LONG, sk_X509_num(X509_STORE_CTX_get0_chain(context)) - 1, -1);
    X509_STORE_CTX_set_error(context, X509_V_ERR_CERT_CHAIN_TOO_LONG);
}

static void choose(X509_STORE_CTX *context, tls_verify_record *record)
{
    tls_paths *paths = search(context);
    const tls_path_try *chromium = paths->chromium == NOBODY ? NULL : &paths->tries[paths->chromium];

    if (chromium != NULL && is_good(chromium)) {
        record->limit = paths->firefox == NOBODY ? FACTS_PATH_LIMIT_FIREFOX : FACTS_PATH_LIMIT_NONE;
        take(context, chromium, record);
    } else if (paths->firefox != NOBODY) {
        record->limit = FACTS_PATH_LIMIT_CHROMIUM;
        take(context, &paths->tries[paths->firefox], record);
    } else if (chromium != NULL && (chromium->anchored || !paths->is_at_limit)) {
        take(context, chromium, record);
        compare_tries(paths, record);
    } else if (record->count == 0) {
        refuse_length(context, record);
    }
    tls_paths_free(paths);
}

static void verify(X509_STORE_CTX *context, tls_verify_record *record)
{
    record->limit = FACTS_PATH_LIMIT_NONE;
    if (tls_verify_once(context, record) && !is_plain(context, record))
        choose(context, record);
}

void tls_path_verify(X509_STORE_CTX *context)
{
    const SSL *ssl = X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx());

    verify(context, SSL_get_app_data(ssl));
}

/* NULL if OpenSSL cannot. */
static X509_STORE_CTX *context_for(X509_STORE *store, X509 *leaf, STACK_OF(X509) * sent, int64_t now)
{
    X509_STORE_CTX *context = X509_STORE_CTX_new();

    if (context == NULL || X509_STORE_CTX_init(context, store, leaf, sent) != 1 ||
        X509_STORE_CTX_set_default(context, "ssl_server") != 1) {
        X509_STORE_CTX_free(context);
        return NULL;
    }
    X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context), (time_t)now);
    return context;
}

/* What a store holds is trusted, even if it is no root, as in a handshake. */
STACK_OF(X509) *
    tls_path_take(X509_STORE *store, X509 *leaf, STACK_OF(X509) * sent, int64_t now, tls_verify_record *record)
{
    X509_STORE_CTX *context = context_for(store, leaf, sent, now);

    STACK_OF(X509) *path = NULL;

    if (context != NULL) {
        X509_VERIFY_PARAM_set_flags(X509_STORE_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
        verify(context, record);
        path = X509_STORE_CTX_get1_chain(context);
    }
    X509_STORE_CTX_free(context);
    ERR_clear_error();
    return path;
}

bool tls_path_verify_with(X509_STORE *store, X509 *leaf, STACK_OF(X509) * sent, int64_t now, tls_verify_record *record)
{
    X509_STORE_CTX *context = context_for(store, leaf, sent, now);

    if (context != NULL)
        verify(context, record);
    X509_STORE_CTX_free(context);
    ERR_clear_error();
    return context != NULL;
}

tls_paths *tls_paths_search(X509_STORE *store, X509 *leaf, STACK_OF(X509) * sent, int64_t now)
{
    X509_STORE_CTX *context = context_for(store, leaf, sent, now);
    tls_paths *paths = context != NULL ? search(context) : NULL;

    X509_STORE_CTX_free(context);
    ERR_clear_error();
    return paths;
}
