/* Paths from a server's certificate to a root: one good path is enough, whatever else was sent, and in whatever order.
 */
#include "tls/path.h"

#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define NOW 1800000000
#define DAY 86400
#define KEYS 128
#define SECONDS_MAX 5 /* of processor time for the worst chain; it takes a tenth of one */

/* -- Certificates -------------------------------------------------------------------------------------------------- */

/* A name and a key are a letter each. */
typedef struct mint {
    char subject, key, issuer, signer;
    int64_t from, until; /* days from now; both 0: -30 to 30 */
    const char *basic;   /* NULL: those of an authority; "": none */
    const char *usage;   /* extended key usage; NULL: none */
    const char *names;   /* name constraints; NULL: none */
    bool lies;           /* the authority key identifier is another key's */
    bool sha1, is_leaf;
} mint;

static EVP_PKEY *keys[KEYS];
static X509 *made[1024];
static size_t made_count;

static EVP_PKEY *key_of(char letter)
{
    EVP_PKEY **key = &keys[(unsigned char)letter % KEYS];

    if (*key == NULL)
        *key = EVP_EC_gen("P-256");
    return *key;
}

static void extend(X509 *x509, int nid, const char *value)
{
    X509_EXTENSION *extension;
    X509V3_CTX c;

    X509V3_set_ctx(&c, x509, x509, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &c, nid, value);
    assert_non_null(extension);
    X509_add_ext(x509, extension, -1);
    X509_EXTENSION_free(extension);
}

/* A digest of the key, so that equal keys have equal identifiers. */
static void identify(X509 *x509, char subject_key, char authority_key)
{
    ASN1_OCTET_STRING *own = ASN1_OCTET_STRING_new();
    AUTHORITY_KEYID *authority = AUTHORITY_KEYID_new();

    ASN1_OCTET_STRING_set(own, (const unsigned char *)&subject_key, 1);
    X509_add1_ext_i2d(x509, NID_subject_key_identifier, own, 0, X509V3_ADD_DEFAULT);
    ASN1_OCTET_STRING_set(own, (const unsigned char *)&authority_key, 1);
    authority->keyid = own;
    X509_add1_ext_i2d(x509, NID_authority_key_identifier, authority, 0, X509V3_ADD_DEFAULT);
    AUTHORITY_KEYID_free(authority);
}

static void name(X509_NAME *to, char letter)
{
    char text[8]; /* the letter's number: names are compared without case */

    snprintf(text, sizeof text, "%d", letter);
    X509_NAME_add_entry_by_txt(to, "CN", MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0);
}

static void constrain(X509 *x509, const mint *m)
{
    const char *basic = m->basic != NULL ? m->basic : m->is_leaf ? "critical,CA:FALSE" : "critical,CA:TRUE";

    if (*basic != '\0')
        extend(x509, NID_basic_constraints, basic);
    if (m->usage != NULL)
        extend(x509, NID_ext_key_usage, m->usage);
    if (m->names != NULL)
        extend(x509, NID_name_constraints, m->names);
    if (m->is_leaf)
        extend(x509, NID_subject_alt_name, "DNS:leaf.test");
    identify(x509, m->key, m->lies ? '?' : m->signer);
}

static X509 *make(const mint *m)
{
    X509 *x509 = X509_new();
    bool usual = m->from == 0 && m->until == 0;

    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), (long)made_count + 1);
    name(X509_get_subject_name(x509), m->subject);
    name(X509_get_issuer_name(x509), m->issuer);
    ASN1_TIME_set(X509_getm_notBefore(x509), (time_t)(NOW + (usual ? -30 : m->from) * DAY));
    ASN1_TIME_set(X509_getm_notAfter(x509), (time_t)(NOW + (usual ? 30 : m->until) * DAY));
    X509_set_pubkey(x509, key_of(m->key));
    constrain(x509, m);
    assert_true(X509_sign(x509, key_of(m->signer), m->sha1 ? EVP_sha1() : EVP_sha256()) > 0);
    assert_true(made_count < sizeof made / sizeof *made);
    return made[made_count++] = x509;
}

static int free_made(void **state)
{
    (void)state;
    while (made_count > 0)
        X509_free(made[--made_count]);
    return 0;
}

/* -- Asking -------------------------------------------------------------------------------------------------------- */

static STACK_OF(X509) * sent;
static X509_STORE *store;
static tls_verify_record record;

static void begin(void)
{
    sk_X509_free(sent);
    X509_STORE_free(store);
    sent = sk_X509_new_null();
    store = X509_STORE_new();
    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
}

static void trust(X509 *x509)
{
    assert_int_equal(1, X509_STORE_add_cert(store, x509));
}

static void send(X509 *x509)
{
    assert_true(sk_X509_push(sent, x509) > 0);
}

static void ask(int64_t now)
{
    memset(&record, 0, sizeof record);
    assert_true(tls_path_verify_with(store, sk_X509_value(sent, 0), sent, now, &record));
}

/* -- Every small graph --------------------------------------------------------------------------------------------- */

enum { AUTHORITIES = 3, ISSUERS = 3, EDGES = AUTHORITIES * ISSUERS, GRAPHS = 19683 /* 3 to the 9 */, STRIDE = 9 };

static const char authorities[] = "ABC";

/* What can be wrong with the certificate of an authority; a lying identifier is not wrong. */
static const struct {
    mint fault;
    bool harmless;
} reasons[] = {
    {{.from = -30, .until = -1}, false},
    {{.names = "critical,excluded;DNS:leaf.test"}, false},
    {{.usage = "clientAuth"}, false},
    {{.basic = ""}, false},
    {{.basic = "critical,CA:FALSE"}, false},
    {{.sha1 = true}, false},
    {{.lies = true}, true},
};

enum { REASONS = sizeof reasons / sizeof *reasons };

/* Edge 3 * a + i: authority a by issuer i, which is the root, or one of the other two. */
static char issuer_of(size_t edge)
{
    size_t self = edge / ISSUERS, other = edge % ISSUERS;

    return other == 0 ? 'R' : authorities[(self + other) % AUTHORITIES];
}

/* By the model: there is a way over good edges that comes to no authority twice. */
static bool leads_to_root(const bool good[EDGES], size_t self, unsigned been)
{
    been |= 1u << self;
    for (size_t other = 0; other < ISSUERS; other++) {
        size_t next = (self + other) % AUTHORITIES;

        if (!good[self * ISSUERS + other])
            continue;
        if (other == 0 || ((been >> next & 1) == 0 && leads_to_root(good, next, been)))
            return true;
    }
    return false;
}

/* Of each edge a base-3 digit: absent, good, or with the fault. */
static void check_graph(size_t graph, size_t reason, X509 *edges[EDGES][1 + REASONS], X509 *root, X509 *leaf)
{
    bool good[EDGES], expected;

    begin();
    trust(root);
    send(leaf);
    for (size_t edge = 0, rest = graph; edge < EDGES; edge++, rest /= 3) {
        good[edge] = rest % 3 == 1 || (rest % 3 == 2 && reasons[reason].harmless);
        if (rest % 3 > 0)
            send(edges[edge][rest % 3 == 1 ? 0 : 1 + reason]);
    }
    expected = leads_to_root(good, 0, 0);
    ask(NOW);
    if (expected != (record.count == 0))
        fail_msg("graph %zu, reason %zu: %s", graph, reason, expected ? "no path was found" : "a path was found");
    /* So few certificates are too many for nobody but Chromium, and only if there is a path. */
    assert_true(record.limit == FACTS_PATH_LIMIT_NONE || (record.limit == FACTS_PATH_LIMIT_CHROMIUM && expected));
}

static void test_all_small_graphs(void **state)
{
    X509 *root = make(&(mint){'R', 'R', 'R', 'R', .basic = NULL}), *edges[EDGES][1 + REASONS];
    X509 *leaf = make(&(mint){'L', 'L', 'A', 'A', .is_leaf = true});

    (void)state;
    for (size_t edge = 0; edge < EDGES; edge++)
        for (size_t i = 0; i <= REASONS; i++) {
            mint m = i == 0 ? (mint){.basic = NULL} : reasons[i - 1].fault;

            m.subject = m.key = authorities[edge / ISSUERS];
            m.issuer = m.signer = issuer_of(edge);
            edges[edge][i] = make(&m);
        }
    for (size_t graph = 0; graph < GRAPHS; graph += STRIDE)
        check_graph(graph + graph / STRIDE % STRIDE, graph / STRIDE % REASONS, edges, root, leaf);
}

/* -- Known situations ---------------------------------------------------------------------------------------------- */

#define ROOT                                                                                                           \
    {                                                                                                                  \
        'R', 'R', 'R', 'R', .basic = NULL                                                                              \
    }
#define LEAF(issuer)                                                                                                   \
    {                                                                                                                  \
        'L', 'L', issuer, issuer, .is_leaf = true                                                                      \
    }
#define BY(subject, issuer)                                                                                            \
    {                                                                                                                  \
        subject, subject, issuer, issuer, .basic = NULL                                                                \
    }

enum { MANY = 6 };

/* The first error of the chain; FACTS_TLS_CODES: none. */
static const struct {
    const char *what;
    mint trusted[MANY], sent[MANY]; /* up to one without a subject */
    facts_tls_code error;
} situations[] = {
    {"the usual chain", {ROOT}, {LEAF('A'), BY('A', 'R')}, FACTS_TLS_CODES},
    {"reordered, twice, with one that is unrelated",
     {ROOT},
     {LEAF('A'), BY('B', 'R'), BY('A', 'B'), BY('X', 'Y'), BY('A', 'B')},
     FACTS_TLS_CODES},
    {"the root by a cross-certificate that has expired",
     {ROOT},
     {LEAF('A'), BY('A', 'R'), {'R', 'R', 'O', 'O', -30, -1, .basic = NULL}},
     FACTS_TLS_CODES},
    {"an expired root whose key is in a newer one",
     {{'R', 'R', 'R', 'R', -90, -1, .basic = NULL}, ROOT},
     {LEAF('A'), BY('A', 'R')},
     FACTS_TLS_CODES},
    {"an expired root, and no other",
     {{'R', 'R', 'R', 'R', -90, -1, .basic = NULL}},
     {LEAF('A'), BY('A', 'R')},
     FACTS_TLS_EXPIRED},
    {"an expired intermediate beside its renewed copy",
     {ROOT},
     {LEAF('A'), {'A', 'A', 'R', 'R', -90, -1, .basic = NULL}, BY('A', 'R')},
     FACTS_TLS_CODES},
    {"an intermediate of the name with another key, and the right one",
     {ROOT},
     {LEAF('A'), {'A', 'X', 'R', 'R', .basic = NULL}, BY('A', 'R')},
     FACTS_TLS_CODES},
    {"an intermediate of the name with another key alone",
     {ROOT},
     {LEAF('A'), {'A', 'X', 'R', 'R', .basic = NULL}},
     FACTS_TLS_BAD_SIGNATURE},
    {"an authority key identifier that fits nobody",
     {ROOT},
     {{'L', 'L', 'A', 'A', .lies = true, .is_leaf = true}, BY('A', 'R')},
     FACTS_TLS_CODES},
    {"a root of the name with another key in the trust store",
     {{'R', 'X', 'R', 'X', .basic = NULL}, ROOT},
     {LEAF('A'), BY('A', 'R')},
     FACTS_TLS_CODES},
    {"a path length that one of two paths keeps",
     {ROOT, BY('S', 'S')},
     {LEAF('A'), BY('A', 'B'), {'B', 'B', 'R', 'R', .basic = "critical,CA:TRUE,pathlen:0"}, BY('B', 'S')},
     FACTS_TLS_CODES},
    {"a path length that the only path breaks",
     {ROOT},
     {LEAF('A'), BY('A', 'B'), {'B', 'B', 'R', 'R', .basic = "critical,CA:TRUE,pathlen:0"}},
     FACTS_TLS_PATH_LENGTH},
    {"names that one of two paths allows",
     {ROOT, BY('S', 'S')},
     {LEAF('A'), {'A', 'A', 'R', 'R', .names = "critical,permitted;DNS:other.test"}, BY('A', 'S')},
     FACTS_TLS_CODES},
    {"names that the trusted root forbids",
     {{'R', 'R', 'R', 'R', .names = "critical,excluded;DNS:leaf.test"}},
     {LEAF('A'), BY('A', 'R')},
     FACTS_TLS_NAME_CONSTRAINTS},
    {"a purpose that one of two intermediates has",
     {ROOT},
     {LEAF('A'), {'A', 'A', 'R', 'R', .usage = "emailProtection"}, {'A', 'A', 'R', 'R', .usage = "serverAuth"}},
     FACTS_TLS_CODES},
    {"an intermediate that is trusted itself", {BY('A', 'R')}, {LEAF('A')}, FACTS_TLS_CODES},
    {"an intermediate that is trusted, and sent", {BY('A', 'R')}, {LEAF('A'), BY('A', 'R')}, FACTS_TLS_CODES},
    {"a certificate that signs itself, and is trusted",
     {{'L', 'L', 'L', 'L', .is_leaf = true}},
     {{'L', 'L', 'L', 'L', .is_leaf = true}},
     FACTS_TLS_CODES},
    {"a certificate that signs itself", {ROOT}, {{'L', 'L', 'L', 'L', .is_leaf = true}}, FACTS_TLS_SELF_SIGNED},
    {"two authorities that certify each other, and no root",
     {ROOT},
     {LEAF('A'), BY('A', 'B'), BY('B', 'A')},
     FACTS_TLS_ISSUER_MISSING},
    {"two authorities that certify each other, and a root",
     {ROOT},
     {LEAF('A'), BY('A', 'B'), BY('B', 'A'), BY('B', 'R')},
     FACTS_TLS_CODES},
    {"an untrusted root beside a cross-certificate of it",
     {ROOT},
     {LEAF('A'), BY('A', 'S'), BY('S', 'S'), BY('S', 'R')},
     FACTS_TLS_CODES},
    {"an untrusted root", {ROOT}, {LEAF('A'), BY('A', 'S'), BY('S', 'S')}, FACTS_TLS_UNTRUSTED_ROOT},
    {"nothing but the server's own", {ROOT}, {LEAF('A')}, FACTS_TLS_ISSUER_MISSING},
};

static bool is_same(const mint *a, const mint *b)
{
    return a->subject == b->subject && a->key == b->key && a->issuer == b->issuer && a->signer == b->signer &&
           a->from == b->from && a->until == b->until && a->names == b->names;
}

/* What is trusted and sent is one certificate. */
static void set_up(const mint trusted[MANY], const mint shown[MANY])
{
    X509 *anchors[MANY] = {NULL};

    begin();
    for (size_t i = 0; i < MANY && trusted[i].subject != '\0'; i++)
        trust(anchors[i] = make(&trusted[i]));
    for (size_t i = 0; i < MANY && shown[i].subject != '\0'; i++) {
        X509 *x509 = NULL;

        for (size_t k = 0; k < MANY && anchors[k] != NULL; k++)
            x509 = is_same(&trusted[k], &shown[i]) ? anchors[k] : x509;
        send(x509 != NULL ? x509 : make(&shown[i]));
    }
}

static void test_situations(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof situations / sizeof *situations; i++) {
        facts_tls_code found;

        set_up(situations[i].trusted, situations[i].sent);
        ask(NOW);
        found = record.count > 0 ? record.errors[0].code : FACTS_TLS_CODES;
        if (found != situations[i].error || record.limit != FACTS_PATH_LIMIT_NONE)
            fail_msg("%s: %s", situations[i].what, found == FACTS_TLS_CODES ? "good" : facts_tls_code_name(found));
    }
}

/* -- Limits -------------------------------------------------------------------------------------------------------- */

/* From the root down, by letters from 'a' on. */
static void send_ladder(size_t intermediates)
{
    char top = (char)('a' + intermediates - 1);

    begin();
    trust(make(&(mint)ROOT));
    send(make(&(mint)LEAF('a')));
    for (size_t i = 0; i < intermediates; i++) {
        char self = (char)('a' + i), above = self == top ? 'R' : (char)(self + 1);

        send(make(&(mint)BY(self, above)));
    }
}

static void test_lengths(void **state)
{
    (void)state;
    for (size_t intermediates = 1; intermediates <= 22; intermediates++) {
        send_ladder(intermediates);
        ask(NOW);
        assert_int_equal(record.count, intermediates + 1 > FACTS_PATH_CHROMIUM_STEPS);
        assert_int_equal(record.limit, record.count == 0 && intermediates + 2 > FACTS_PATH_FIREFOX_LENGTH
                                           ? FACTS_PATH_LIMIT_FIREFOX
                                           : FACTS_PATH_LIMIT_NONE);
    }
    assert_int_equal(record.errors[0].code, FACTS_TLS_CHAIN_TOO_LONG);
}

/* Newer ones of the issuer's name with other keys come first: each takes Chromium three steps, and the right one two.
 */
static void test_namesakes(void **state)
{
    (void)state;
    for (size_t namesakes = 0; namesakes <= 24; namesakes++) {
        begin();
        trust(make(&(mint)ROOT));
        send(make(&(mint){'L', 'L', 'A', 'A', .lies = true, .is_leaf = true}));
        for (size_t i = 0; i < namesakes; i++)
            send(make(&(mint){'A', (char)('a' + i), 'R', 'R', -20, 30, .basic = NULL}));
        send(make(&(mint)BY('A', 'R')));
        ask(NOW);
        assert_int_equal(record.count, 0);
        assert_int_equal(record.limit, 3 * namesakes + 2 > FACTS_PATH_CHROMIUM_STEPS ? FACTS_PATH_LIMIT_CHROMIUM
                                                                                     : FACTS_PATH_LIMIT_NONE);
    }
}

/* Each of 19 authorities is certified by each other one, and none by a root: the number of paths has 17 digits. */
static void test_every_authority_by_every_other(void **state)
{
    clock_t before;

    (void)state;
    begin();
    trust(make(&(mint)ROOT));
    send(make(&(mint)LEAF('a')));
    for (char self = 'a'; self < 'a' + 19; self++)
        for (char other = 'a'; other < 'a' + 19; other++)
            if (self != other)
                send(make(&(mint)BY(self, other)));
    before = clock();
    ask(NOW);
    assert_true(record.count > 0);
    assert_true(clock() - before < (clock_t)SECONDS_MAX * CLOCKS_PER_SEC);
}

/* -- What is told -------------------------------------------------------------------------------------------------- */

/* RFC 5280 4.1.2.5: "through notAfter, inclusive". */
static void test_last_second(void **state)
{
    (void)state;
    begin();
    trust(make(&(mint)ROOT));
    send(make(&(mint){'L', 'L', 'A', 'A', -1, 1, .is_leaf = true}));
    send(make(&(mint){'A', 'A', 'R', 'R', -1, 2, .basic = NULL}));
    for (int64_t now = NOW + DAY - 1; now <= NOW + DAY + 1; now++) {
        ask(now);
        assert_int_equal(record.count, now > NOW + DAY);
    }
}

/* The paths that fail are there with their errors, in the order in which they were tried. */
static void test_other_paths(void **state)
{
    tls_paths *paths;
    const tls_path_try *first, *second;

    (void)state;
    begin();
    trust(make(&(mint)ROOT));
    send(make(&(mint)LEAF('A')));
    send(make(&(mint){'A', 'X', 'R', 'R', -20, 30, .basic = NULL}));
    send(make(&(mint){'A', 'A', 'R', 'R', -40, 30, .lies = true}));
    paths = tls_paths_search(store, sk_X509_value(sent, 0), sent, NOW);
    assert_int_equal(tls_paths_count(paths), 1); /* the key identifiers lead there at once */
    tls_paths_free(paths);
    sk_X509_set(sent, 0, make(&(mint){'L', 'L', 'A', 'A', .lies = true, .is_leaf = true}));
    paths = tls_paths_search(store, sk_X509_value(sent, 0), sent, NOW);
    assert_int_equal(tls_paths_count(paths), 2);
    first = tls_paths_at(paths, 0);
    second = tls_paths_at(paths, 1);
    assert_int_equal(first->record.errors[0].code, FACTS_TLS_BAD_SIGNATURE);
    assert_int_equal(first->record.errors[0].depth, 0);
    assert_true(first->anchored && first->count == 3 && first->certificates[1] == sk_X509_value(sent, 1));
    assert_true(second->anchored && second->count == 3 && second->certificates[1] == sk_X509_value(sent, 2));
    assert_int_equal(second->record.count, 0);
    tls_paths_free(paths);
}

static int tear_down(void **state)
{
    (void)state;
    sk_X509_free(sent);
    X509_STORE_free(store);
    for (size_t i = 0; i < KEYS; i++)
        EVP_PKEY_free(keys[i]);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_all_small_graphs, free_made),
        cmocka_unit_test_teardown(test_situations, free_made),
        cmocka_unit_test_teardown(test_lengths, free_made),
        cmocka_unit_test_teardown(test_namesakes, free_made),
        cmocka_unit_test_teardown(test_every_authority_by_every_other, free_made),
        cmocka_unit_test_teardown(test_last_second, free_made),
        cmocka_unit_test_teardown(test_other_paths, free_made),
    };

    return cmocka_run_group_tests(tests, NULL, tear_down);
}
