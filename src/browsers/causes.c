#include "browsers/causes.h"

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

void browsers_page_of_redirect(browsers_redirect redirect, facts_page *page)
{
    browsers_page_of_cause(find(BROWSERS_SIGN_REDIRECT, (int)redirect, 0, 0), page);
}

/* -- Several errors, one page -------------------------------------------------------------------------------------- */

static const browsers_cause *cause_of(const facts_tls_error *error)
{
    return find(BROWSERS_SIGN_TLS_ERROR, (int)error->code, error->depth, 0);
}

/*
 * Chromium has exact pages for some errors of a chain, and a general one where no exact one applies
 * (MapPathBuilderErrorsToCertStatus). The name is compared afterwards, and does not count here.
 */
static bool has_exact(const facts_tls_error *errors, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!cause_of(&errors[i])->general && errors[i].code != FACTS_TLS_NAME_MISMATCH)
            return true;
    return false;
}

static const browsers_cause *shown_by_chromium(const facts_tls_error *errors, size_t count)
{
    bool exact = has_exact(errors, count);
    const browsers_cause *shown = NULL;

    for (size_t i = 0; i < count; i++) {
        const browsers_cause *cause = cause_of(&errors[i]);

        if (!(exact && cause->general) && (shown == NULL || cause->chromium_rank < shown->chromium_rank))
            shown = cause;
    }
    return shown;
}

static const browsers_cause *shown_by_firefox(const facts_tls_error *errors, size_t count)
{
    const browsers_cause *shown = cause_of(&errors[0]);

    for (size_t i = 1; i < count; i++)
        if (cause_of(&errors[i])->firefox_rank < shown->firefox_rank)
            shown = cause_of(&errors[i]);
    return shown;
}

bool browsers_page_of_errors(const facts_tls_error *errors, size_t count, facts_page *page)
{
    const browsers_cause *chromium, *firefox;

    if (count == 0)
        return false;
    chromium = shown_by_chromium(errors, count);
    firefox = shown_by_firefox(errors, count);
    browsers_page_of_cause(chromium, page);
    page->shown[FACTS_BROWSER_FIREFOX] = firefox->shown[FACTS_BROWSER_FIREFOX];
    page->bypass = can_bypass(page);
    if (page->shown[FACTS_BROWSER_CHROME].bypass && !page->bypass)
        name(firefox, page);
    return true;
}

/* -- One browser --------------------------------------------------------------------------------------------------- */

static const browsers_cause *find_named(const char *id)
{
    size_t i = 0;

    while (strcmp(browsers_causes[i].id, id) != 0)
        i++;
    return &browsers_causes[i];
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

static bool minds(const facts_page *page, facts_engine engine)
{
    if (engine != FACTS_ENGINE_ANY)
        return !page->shown[facts_engine_browser(engine)].lets_in;
    return !page->shown[FACTS_BROWSER_CHROME].lets_in || !page->shown[FACTS_BROWSER_FIREFOX].lets_in;
}

bool browsers_page_of_tls(const facts_tls *tls, facts_engine engine, facts_page *page)
{
    if (browsers_page_of_errors(tls->errors, tls->error_count, page)) {
        if (engine == FACTS_ENGINE_FIREFOX)
            name(shown_by_firefox(tls->errors, tls->error_count), page);
        else if (engine == FACTS_ENGINE_CHROMIUM)
            name(shown_by_chromium(tls->errors, tls->error_count), page);
    } else if (lacks_staple(tls)) {
        browsers_page_of_cause(find_named("staple-missing"), page);
    } else {
        return false;
    }
    if (engine == FACTS_ENGINE_CHROMIUM || engine == FACTS_ENGINE_FIREFOX)
        page->bypass = page->shown[facts_engine_browser(engine)].bypass;
    return minds(page, engine);
}

bool browsers_page_is_known(const facts_page *page, facts_engine engine)
{
    const facts_shown *shown;

    if (engine != FACTS_ENGINE_SAFARI)
        return true;
    shown = &page->shown[FACTS_BROWSER_SAFARI];
    return shown->code != NULL || shown->lets_in;
}
