#include "cmd/check_chain.h"

#include "base/exit.h"
#include "base/file.h"
#include "base/replace.h"
#include "base/term.h"
#include "browsers/causes.h"
#include "probe/mend.h"
#include "tls/certificates.h"

#define PURPOSE "--write-chain"

bool cmd_chain_is_wanted(const cmd_chain_options *options)
{
    return options->fetch || options->write != NULL;
}

bool cmd_chain_claim(const cmd_chain_options *options, base_claims *claims, base_error *error)
{
    return options->write == NULL || base_claims_add_path(claims, options->write, PURPOSE, true, error);
}

/* -- What is in the way -------------------------------------------------------------------------------------------- */

static bool is_unseen(const facts_mended *mended)
{
    for (size_t i = 0; i < mended->request_count; i++)
        if (mended->requests[i].unseen)
            return true;
    return false;
}

static const char *why_not_found(const cmd_chain_asking *asking, const facts_mended *mended, base_arena *arena)
{
    const facts_certificate *orphan = facts_tls_orphan(asking->sent);

    if (asking->sent->certificate_count == 0)
        return "no certificate was seen";
    if (orphan == NULL)
        return "no path leads from the certificate to a trusted root";
    if (mended->request_count > 0)
        return base_arena_format(arena, "the certificate of %s, which is missing, was not found", orphan->issuer);
    if (!asking->options->fetch && orphan->issuer_url_count > 0)
        return base_arena_format(arena, "the certificate of %s is missing: --fetch-aia asks for it at %s",
                                 orphan->issuer, orphan->issuer_urls[0]);
    return base_arena_format(arena, "the certificate of %s is missing, and %s does not say where it is to be had",
                             orphan->issuer, orphan->subject);
}

/* NULL: nothing. */
static const char *obstacle(const cmd_chain_asking *asking, const facts_mended *mended, base_arena *arena)
{
    const facts_tls *tls = &mended->tls;
    facts_page page;

    if (!mended->found)
        return why_not_found(asking, mended, arena);
    if (browsers_page_of_tls(tls, FACTS_ENGINE_ANY, &page))
        return base_arena_format(arena, "browsers would refuse the whole chain too: %s", page.text);
    for (size_t i = 0; i < tls->verdict_count; i++)
        if (tls->verdicts[i].error_count > 0)
            return base_arena_format(arena, "the store %s would refuse the whole chain too", tls->verdicts[i].store);
    return NULL;
}

/* -- The file ------------------------------------------------------------------------------------------------------ */

static bool write_chain(const char *path, const facts_tls *tls, base_error *error)
{
    base_buffer text;
    bool written;

    base_buffer_init(&text, 2 * TLS_CERTIFICATES_FILE_MAX);
    for (size_t i = 0; i < tls->certificate_count; i++)
        tls_certificates_write_pem(tls->certificates[i].der, &text);
    written = base_file_replace_by(path, base_buffer_string(&text), text.length, &(base_replace_rules){0}, error);
    base_buffer_done(&text);
    if (!written)
        base_error_wrap(error, "--write-chain");
    return written;
}

bool cmd_chain_mend(const cmd_chain_asking *asking, base_arena *arena, facts_mended *mended, base_error *error)
{
    const cmd_chain_options *options = asking->options;
    const probe_mending mending = {.trust = asking->wire->trust,
                                   .client = options->fetch ? &asking->wire->client : NULL,
                                   .now = asking->now,
                                   .host = asking->host != NULL ? asking->host->name : NULL,
                                   .is_address = asking->host != NULL && asking->host->kind != HF_HOST_NAME,
                                   .sent = asking->sent};

    base_error notice;

    probe_mend(&mending, arena, mended);
    if (options->write == NULL)
        return true;
    mended->why = obstacle(asking, mended, arena);
    if (mended->why != NULL) {
        base_error_set(&notice, "check: --write-chain: nothing is written: %s", mended->why);
        base_error_print(&notice, stderr);
        return true;
    }
    if (!write_chain(options->write, &mended->tls, error))
        return false;
    mended->written = options->write;
    return true;
}

int cmd_chain_exit(const cmd_chain_options *options, const facts_mended *mended, int code)
{
    if (options->write == NULL || mended->written != NULL || code != BASE_EXIT_CLEAN)
        return code;
    return is_unseen(mended) ? BASE_EXIT_PARTLY : BASE_EXIT_FINDINGS;
}
