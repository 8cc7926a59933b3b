#include "cmd/config_pairs.h"

#include "base/file.h"
#include "base/time.h"
#include "tls/certificate.h"
#include "tls/certificates.h"
#include "tls/chain_order.h"
#include "tls/private_key.h"

#include <string.h>

#define PAIRS_MAX 10000           /* that are judged */
#define KEY_MAX ((size_t)1 << 20) /* octets of a file with a key, which may hold certificates too */

typedef struct judging {
    config_lint *lint;
    const config_pair *pair;
    int64_t now;
    tls_certificates *certificates;
    facts_certificate leaf;
} judging;

/* -- Files --------------------------------------------------------------------------------------------------------- */

/* The file that was given and leads to the directive. */
static const char *given_file(const config_node *node)
{
    const config_via *via = node->via;

    while (via != NULL && via->outer != NULL)
        via = via->outer;
    return via != NULL ? via->include->file->name : node->said->file->name;
}

/* Where the file of a path is on this machine. */
static const char *path_of(const config_lint *lint, const config_node *node, const char *text)
{
    static const char usual[] = "/etc/nginx/";
    config_estate *estate = lint->estate;
    const char *given = given_file(node), *slash = strrchr(given, '/');

    if (estate->root != NULL) {
        if (strncmp(text, usual, sizeof usual - 1) == 0)
            text += sizeof usual - 1;
        while (*text == '/')
            text++;
        return base_arena_format(&estate->arena, "%s/%s", estate->root, text);
    }
    if (text[0] == '/' || slash == NULL)
        return text;
    return base_arena_format(&estate->arena, "%.*s/%s", (int)(slash - given), given, text);
}

static bool read_file(const judging *j, const config_node *node, const config_word *word, base_buffer *octets)
{
    return base_file_read_by(path_of(j->lint, node, word->text), &(base_file_rules){0}, octets, NULL);
}

static bool read_chain(judging *j)
{
    base_buffer octets;
    tls_form form;
    bool good;

    base_buffer_init(&octets, TLS_CERTIFICATES_FILE_MAX);
    good = read_file(j, j->pair->chain_node, j->pair->chain, &octets) &&
           tls_certificates_read(j->certificates, (hf_span){base_buffer_string(&octets), octets.length}, &form, NULL);
    base_buffer_done(&octets);
    if (good)
        tls_certificate_read(sk_X509_value(tls_certificates_stack(j->certificates), 0), &j->lint->estate->arena,
                             &j->leaf);
    return good;
}

static tls_private_key *read_key(const judging *j)
{
    tls_private_key *key = NULL;
    base_buffer octets;

    if (j->pair->key == NULL)
        return NULL;
    base_buffer_init(&octets, KEY_MAX);
    if (read_file(j, j->pair->key_node, j->pair->key, &octets))
        key = tls_private_key_read((hf_span){base_buffer_string(&octets), octets.length}, NULL);
    tls_private_key_forget(octets.data, octets.length);
    base_buffer_done(&octets);
    return key;
}

/* -- Rules --------------------------------------------------------------------------------------------------------- */

/* False: the key is another one, and of which chain it is the key is not known. */
static bool judge_key(const judging *j)
{
    const config_pair *pair = j->pair;
    tls_private_key *key = read_key(j);
    const bool fits = key == NULL || tls_private_key_fits(key, j->leaf.der);

    tls_private_key_free(key);
    if (!fits)
        config_lint_word(j->lint, pair->key_node, pair->key, RULE_CHAIN_KEY_MISMATCH,
                         "the first certificate of %s is for another key: %s", BASE_CUT(pair->chain->text),
                         BASE_CUT(j->leaf.subject));
    return fits;
}

/* A file with other CA certificates than those of its first one: of what is in it, nothing leads upwards. */
static void judge_chain(const judging *j)
{
    facts_place places[TLS_CHAIN_PLACES_MAX];
    size_t count = tls_certificates_count(j->certificates);

    if (count < 2)
        return;
    count = count < TLS_CHAIN_PLACES_MAX ? count : TLS_CHAIN_PLACES_MAX;
    tls_chain_places(tls_certificates_stack(j->certificates), places, count);
    for (size_t i = 1; i < count; i++)
        if (places[i] != FACTS_PLACE_UNRELATED && places[i] != FACTS_PLACE_OTHER_KEY)
            return;
    config_lint_word(j->lint, j->pair->chain_node, j->pair->chain, RULE_CHAIN_KEY_MISMATCH,
                     "no other certificate of the file issued the first one: %s", BASE_CUT(j->leaf.subject));
}

static void judge_dates(const judging *j)
{
    char text[BASE_TIME_MAX];

    if (j->leaf.not_after == HF_TIME_UNKNOWN || j->leaf.not_after >= j->now)
        return;
    base_time_format(j->leaf.not_after, text);
    config_lint_word(j->lint, j->pair->chain_node, j->pair->chain, RULE_CERTIFICATE_FILE_EXPIRED,
                     "the first certificate expired on %s", text);
}

static void judge_staple(const judging *j)
{
    const config_edit *edit = &j->pair->stapling;

    if (!j->leaf.must_staple || j->pair->staples)
        return;
    if (config_lint_word(j->lint, j->pair->chain_node, j->pair->chain, RULE_MUST_STAPLE_WITHOUT_STAPLING,
                         "the first certificate has the TLS feature status_request, and stapling is off") &&
        edit->text != NULL)
        config_lint_edit(j->lint, edit->file, edit->offset, edit->length, edit->text);
}

static void judge(config_lint *lint, const config_pair *pair, int64_t now)
{
    judging j = {.lint = lint, .pair = pair, .now = now, .certificates = tls_certificates_new()};

    if (read_chain(&j)) {
        if (judge_key(&j))
            judge_chain(&j);
        judge_dates(&j);
        judge_staple(&j);
    }
    tls_certificates_free(j.certificates);
}

static bool is_same(const config_pair *a, const config_pair *b)
{
    return a->chain_node == b->chain_node && a->key_node == b->key_node && a->staples == b->staples;
}

void cmd_config_judge_pairs(config_lint *lint, int64_t now)
{
    for (size_t i = 0; i < lint->pair_count && i < PAIRS_MAX; i++)
        if (i == 0 || !is_same(&lint->pairs[i], &lint->pairs[i - 1]))
            judge(lint, &lint->pairs[i], now);
}
