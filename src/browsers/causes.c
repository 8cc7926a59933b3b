#include "browsers/causes.h"

#include "browsers/accept.h"

#include <string.h>

/* The stable word for what was seen: that of the code, or the cause's own id. */
static const char *name_of(const browsers_cause *cause)
{
    switch (cause->sign) {
    case BROWSERS_SIGN_TLS_ERROR:
        return facts_tls_code_name((facts_tls_code)cause->code);
    case BROWSERS_SIGN_FAILURE:
        return facts_code_name((facts_code)cause->code);
    default:
        return cause->id;
    }
}

static const char *text_of(const browsers_cause *cause)
{
    if (cause->text != NULL)
        return cause->text;
    return cause->sign == BROWSERS_SIGN_TLS_ERROR ? facts_tls_code_text((facts_tls_code)cause->code)
                                                  : facts_code_text((facts_code)cause->code);
}

/* -- Finding a cause ----------------------------------------------------------------------------------------------- */

static bool fits(const browsers_cause *cause, browsers_sign sign, int code, int depth, int alert)
{
    if (cause->sign != sign || cause->code != code || (cause->alert != 0 && cause->alert != alert))
        return false;
    return cause->place == BROWSERS_ANYWHERE || (cause->place == BROWSERS_LEAF) == (depth == 0);
}

/* Every code has a cause: a unit test walks through all of them. */
static const browsers_cause *find(browsers_sign sign, int code, int depth, int alert)
{
    size_t i = 0;

    while (!fits(&browsers_causes[i], sign, code, depth, alert))
        i++;
    return &browsers_causes[i];
}

static void name(const browsers_cause *cause, facts_page *page)
{
    page->id = cause->id;
    page->cause = name_of(cause);
    page->text = text_of(cause);
    page->tls = cause->tls;
}

static bool passes(const facts_shown *shown)
{
    return shown->bypass || shown->lets_in;
}

static bool can_bypass(const facts_page *page)
{
    return passes(&page->shown[FACTS_BROWSER_CHROME]) && passes(&page->shown[FACTS_BROWSER_FIREFOX]);
}

void browsers_page_of_cause(const browsers_cause *cause, facts_page *page)
{
    *page = (facts_page){0};
    name(cause, page);
    memcpy(page->shown, cause->shown, sizeof page->shown);
    page->bypass = can_bypass(page);
}

void browsers_page_of_failure(const facts_failure *failure, facts_page *page)
{
    browsers_page_of_cause(find(BROWSERS_SIGN_FAILURE, (int)failure->code, 0, failure->alert), page);
}

/* As this engine's own failure has it. */
static void show(const facts_failure *failure, facts_browser browser, facts_page *page)
{
    facts_page own;

    page->shown[browser] = (facts_shown){.lets_in = failure == NULL};
    if (failure == NULL)
        return;
    browsers_page_of_failure(failure, &own);
    page->shown[browser] = own.shown[browser];
}

void browsers_page_of_exchange(const facts_exchange *exchange, facts_engine engine, facts_page *page)
{
    browsers_page_of_failure(facts_exchange_reading(exchange, engine).failure, page);
    if (exchange->firefox == NULL)
        return;
    show(exchange->failure, FACTS_BROWSER_CHROME, page);
    show(exchange->failure, FACTS_BROWSER_EDGE, page);
    show(exchange->firefox->failure, FACTS_BROWSER_FIREFOX, page);
    page->bypass = can_bypass(page);
}

void browsers_page_of_redirect(browsers_redirect redirect, facts_page *page)
{
    browsers_page_of_cause(find(BROWSERS_SIGN_REDIRECT, (int)redirect, 0, 0), page);
}

/* -- Several errors, one page -------------------------------------------------------------------------------------- */

static const browsers_cause *cause_of(const facts_tls_error *error)
{
    return find(BROWSERS_SIGN_TLS_ERROR, (int)error->code, error->depth, 0);
}

static size_t error_count(const facts_tls *tls)
{
    return tls->error_count + tls->disputed_count;
}

/* First what all browsers refuse, then the rest. */
static const facts_tls_error *error_at(const facts_tls *tls, size_t index)
{
    return index < tls->error_count ? &tls->errors[index] : &tls->disputed[index - tls->error_count];
}

static bool is_minded(const browsers_cause *cause, facts_browser browser)
{
    return !cause->shown[browser].lets_in;
}

/*
 * Chromium has exact pages for some errors of a chain, and a general one where no exact one applies
 * (MapPathBuilderErrorsToCertStatus). The name is compared afterwards, and does not count here.
 */
static bool has_exact(const facts_tls *tls)
{
    for (size_t i = 0; i < error_count(tls); i++) {
        const browsers_cause *cause = cause_of(error_at(tls, i));

        if (is_minded(cause, FACTS_BROWSER_CHROME) && !cause->general && cause->code != FACTS_TLS_NAME_MISMATCH &&
            cause->code != FACTS_TLS_WILDCARD_SUFFIX)
            return true;
    }
    return false;
}

/* NULL: nothing that it minds. */
static const browsers_cause *shown_by_chromium(const facts_tls *tls)
{
    bool exact = has_exact(tls);
    const browsers_cause *shown = NULL;

    for (size_t i = 0; i < error_count(tls); i++) {
        const browsers_cause *cause = cause_of(error_at(tls, i));

        if (is_minded(cause, FACTS_BROWSER_CHROME) && !(exact && cause->general) &&
            (shown == NULL || cause->chromium_rank < shown->chromium_rank))
            shown = cause;
    }
    return shown == NULL && tls->path_limit == FACTS_PATH_LIMIT_CHROMIUM ? browsers_accept_find("path-chromium-steps")
                                                                         : shown;
}

/* RFC 7633 4.2.3.1: a client that knows the feature refuses a certificate that asks for a staple, and comes without. */
static bool lacks_staple(const facts_tls *tls)
{
    if (tls->certificate_count == 0 || !tls->certificates[0].must_staple)
        return false;
    return tls->staple == NULL ||
           (tls->staple->problem != FACTS_STAPLE_NONE && tls->staple->problem != FACTS_STAPLE_UNCHECKED_SIGNATURE) ||
           tls->staple->status == FACTS_REVOCATION_UNKNOWN;
}

static const browsers_cause *shown_by_firefox(const facts_tls *tls)
{
    const browsers_cause *shown = NULL;

    for (size_t i = 0; i < error_count(tls); i++) {
        const browsers_cause *cause = cause_of(error_at(tls, i));

        if (is_minded(cause, FACTS_BROWSER_FIREFOX) && (shown == NULL || cause->firefox_rank < shown->firefox_rank))
            shown = cause;
    }
    if (shown == NULL && tls->path_limit == FACTS_PATH_LIMIT_FIREFOX)
        return browsers_accept_find("path-firefox-length");
    return shown == NULL && lacks_staple(tls) ? browsers_accept_find("staple-missing") : shown;
}

/* The page is Chromium's, with what Firefox shows; its words are those of the browser that lets fewer go on. */
static void merge(const browsers_cause *chromium, const browsers_cause *firefox, facts_page *page)
{
    browsers_page_of_cause(chromium != NULL ? chromium : firefox, page);
    if (chromium == NULL || firefox == NULL)
        return;
    page->shown[FACTS_BROWSER_FIREFOX] = firefox->shown[FACTS_BROWSER_FIREFOX];
    page->bypass = can_bypass(page);
    if (page->shown[FACTS_BROWSER_CHROME].bypass && !page->bypass)
        name(firefox, page);
}

static bool minds(const facts_page *page, facts_engine engine)
{
    if (engine != FACTS_ENGINE_ANY)
        return !page->shown[facts_engine_browser(engine)].lets_in;
    return !page->shown[FACTS_BROWSER_CHROME].lets_in || !page->shown[FACTS_BROWSER_FIREFOX].lets_in;
}

bool browsers_page_of_tls(const facts_tls *tls, facts_engine engine, facts_page *page)
{
    const browsers_cause *chromium = shown_by_chromium(tls), *firefox = shown_by_firefox(tls);

    if (chromium == NULL && firefox == NULL)
        return false;
    merge(chromium, firefox, page);
    if (engine == FACTS_ENGINE_FIREFOX && firefox != NULL)
        name(firefox, page);
    else if (engine == FACTS_ENGINE_CHROMIUM && chromium != NULL)
        name(chromium, page);
    if (engine == FACTS_ENGINE_CHROMIUM || engine == FACTS_ENGINE_FIREFOX)
        page->bypass = page->shown[facts_engine_browser(engine)].bypass;
    return minds(page, engine);
}

bool browsers_page_of_errors(const facts_tls_error *errors, size_t count, facts_page *page)
{
    const facts_tls tls = {.errors = errors, .error_count = count};

    return browsers_page_of_tls(&tls, FACTS_ENGINE_ANY, page);
}

bool browsers_page_is_known(const facts_page *page, facts_engine engine)
{
    const facts_shown *shown;

    if (engine != FACTS_ENGINE_SAFARI)
        return true;
    shown = &page->shown[FACTS_BROWSER_SAFARI];
    return shown->code != NULL || shown->lets_in;
}
