#include "http/as_browser.h"

#include "http/head.h"
#include "http/list.h"

#include "base/ascii.h"

#include <string.h>

#define VERSION "156"

const char http_browser_agent[] =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/" VERSION ".0.0.0 Safari/537.36";

/* When a browser sends one of its fields. */
typedef enum occasion {
    ALWAYS,
    OVER_TLS,  /* of an origin that may be trusted */
    OF_CHROME, /* the same, and the User-Agent is Chrome's: the two tell the same */
    OVER_HTTP2,
} occasion;

static const struct {
    const char *name, *value; /* NULL: see value_of */
    occasion when;
} browser_fields[] = {
    {"sec-ch-ua", "\"Not:A-Brand\";v=\"8\", \"Chromium\";v=\"" VERSION "\"", OF_CHROME},
    {"sec-ch-ua-mobile", "?0", OF_CHROME},
    {"sec-ch-ua-platform", "\"Linux\"", OF_CHROME},
    {"Upgrade-Insecure-Requests", "1", ALWAYS},
    {"User-Agent", NULL, ALWAYS},
    {"Accept",
     "text/html,application/xhtml+xml,application/xml;q=0.9,image/jxl,image/avif,image/webp,image/apng,*/*;q=0.8,"
     "application/signed-exchange;v=b3;q=0.7",
     ALWAYS},
    {"Sec-Fetch-Site", "none", OVER_TLS},
    {"Sec-Fetch-Mode", "navigate", OVER_TLS},
    {"Sec-Fetch-User", "?1", OVER_TLS},
    {"Sec-Fetch-Dest", "document", OVER_TLS},
    {"Accept-Encoding", "identity", ALWAYS},
    {"Accept-Language", "en-US,en;q=0.9", ALWAYS},
    {"Cookie", NULL, ALWAYS},
    {"priority", "u=0, i", OVER_HTTP2},
};
#define BROWSER_FIELDS (sizeof browser_fields / sizeof *browser_fields)

/* Where one of these is part of a name, the value is a secret. */
static const char *const secret_words[] = {"auth",   "cookie",  "credential", "key",      "password",
                                           "secret", "session", "signature",  "passcode", "token"};

/* What tells messages apart, what belongs to one connection, and the name of the host. */
static const char *const refused_names[] = {"connection",     "content-length", "expect",           "host",
                                            "http2-settings", "keep-alive",     "proxy-connection", "te",
                                            "trailer",        "upgrade",        "transfer-encoding"};

/* -- What is sent -------------------------------------------------------------------------------------------------- */

static hf_span span_of(const char *text)
{
    return (hf_span){text, strlen(text)};
}

static bool contains(hf_span name, const char *word)
{
    size_t length = strlen(word);

    for (size_t i = 0; i + length <= name.length; i++)
        if (base_ascii_is(name.data + i, length, word))
            return true;
    return false;
}

static bool is_credential(const hf_field *field)
{
    for (size_t i = 0; i < sizeof secret_words / sizeof *secret_words; i++)
        if (contains(field->name, secret_words[i]))
            return true;
    return false;
}

bool http_has_credentials(const http_as_browser *with)
{
    for (size_t i = 0; i < with->given_count; i++)
        if (is_credential(&with->given[i]))
            return true;
    return false;
}

static bool is_browsers(const hf_field *field)
{
    for (size_t i = 0; i < BROWSER_FIELDS; i++)
        if (http_field_is(field, browser_fields[i].name))
            return true;
    return false;
}

static bool may_go(const hf_field *given, const http_addressee *to)
{
    if (is_credential(given))
        return to->named && to->trusted;
    return to->named || is_browsers(given);
}

static const char *agent_of(const http_as_browser *with)
{
    return with->user_agent != NULL ? with->user_agent : http_browser_agent;
}

static bool is_sent(occasion when, const http_as_browser *with, const http_addressee *to)
{
    switch (when) {
    case ALWAYS:
        return true;
    case OVER_TLS:
        return to->secure;
    case OF_CHROME:
        return to->secure && strstr(agent_of(with), "Chrome/") != NULL;
    case OVER_HTTP2:
        return to->http2;
    }
    return false;
}

/* RFC 6265 5.4: "the user agent MUST NOT attach more than one Cookie header field". */
static hf_span cookies_of(const http_as_browser *with, const http_addressee *to, base_arena *arena)
{
    const hf_field *given = http_field_find(with->given, with->given_count, "cookie");
    hf_span own = to->cookies != NULL ? span_of(to->cookies) : (hf_span){"", 0};
    size_t length;
    char *both;

    if (given == NULL || given->value.length == 0 || !may_go(given, to))
        return own;
    if (own.length == 0)
        return given->value;
    length = given->value.length + 2 + own.length;
    both = base_arena_take(arena, length);
    memcpy(both, given->value.data, given->value.length);
    memcpy(both + given->value.length, "; ", 2);
    memcpy(both + given->value.length + 2, own.data, own.length);
    return (hf_span){both, length};
}

/* The value of the browser's field number `i`; empty: it is not sent. */
static hf_span value_of(const http_as_browser *with, const http_addressee *to, size_t i, base_arena *arena)
{
    const char *name = browser_fields[i].name;
    const hf_field *given = http_field_find(with->given, with->given_count, name);

    if (strcmp(name, "Cookie") == 0)
        return cookies_of(with, to, arena);
    if (given != NULL)
        return given->value;
    if (!is_sent(browser_fields[i].when, with, to))
        return (hf_span){"", 0};
    return span_of(browser_fields[i].value != NULL ? browser_fields[i].value : agent_of(with));
}

size_t http_browser_fields(const http_as_browser *with, const http_addressee *to, base_arena *arena,
                           hf_field fields[static HTTP_FIELDS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < BROWSER_FIELDS; i++) {
        hf_span value = value_of(with, to, i, arena);

        if (value.length > 0)
            fields[count++] = (hf_field){span_of(browser_fields[i].name), value};
    }
    for (size_t i = 0; i < with->given_count; i++)
        if (!is_browsers(&with->given[i]) && with->given[i].value.length > 0 && may_go(&with->given[i], to))
            fields[count++] = with->given[i];
    return count;
}

/* -- What is given ------------------------------------------------------------------------------------------------- */

/* RFC 9110 5.5: octets from SP on, and HTAB; "a recipient of CR, LF, or NUL within a field value MUST either reject
   the message or replace" them. */
static bool is_value(hf_span value)
{
    for (size_t i = 0; i < value.length; i++) {
        unsigned char c = (unsigned char)value.data[i];

        if ((c < ' ' && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static hf_span trimmed(const char *text)
{
    hf_span value = span_of(text + strspn(text, " \t"));

    while (value.length > 0 && (value.data[value.length - 1] == ' ' || value.data[value.length - 1] == '\t'))
        value.length--;
    return value;
}

static bool is_refused(const hf_field *field)
{
    for (size_t i = 0; i < sizeof refused_names / sizeof *refused_names; i++)
        if (http_field_is(field, refused_names[i]))
            return true;
    return false;
}

/* Why the field cannot be sent; NULL: it can. */
static const char *problem_of(const http_as_browser *with, const hf_field *field)
{
    if (field->name.length == 0)
        return "a field without a name: 'Name: value' is asked for";
    for (size_t i = 0; i < field->name.length; i++)
        if (!http_head_is_token(field->name.data[i]))
            return "a name with a character that names of fields cannot have";
    if (http_field_is(field, "host"))
        return "Host names the site: check that name, and reach it elsewhere with --connect-to or --resolve";
    if (is_refused(field))
        return "a field of the connection, which is set here";
    if (!is_value(field->value))
        return "a value with a control character";
    if (with->given_count == HTTP_GIVEN_MAX)
        return "too many fields";
    if (field->name.length + field->value.length > HTTP_GIVEN_OCTETS_MAX - with->given_octets)
        return "the fields are too long together";
    return NULL;
}

bool http_give_field(http_as_browser *with, const char *text, base_error *error)
{
    const char *colon = strchr(text, ':'), *problem = "no colon: 'Name: value' is asked for";
    hf_field field = {{text, 0}, {"", 0}};

    if (colon != NULL) {
        field = (hf_field){{text, (size_t)(colon - text)}, trimmed(colon + 1)};
        problem = problem_of(with, &field);
    }
    if (problem != NULL) {
        base_error_set(error, "%s", problem);
        return false;
    }
    with->given[with->given_count++] = field;
    with->given_octets += field.name.length + field.value.length;
    return true;
}

bool http_give_agent(http_as_browser *with, const char *text, base_error *error)
{
    hf_span value = trimmed(text);

    if (value.length == 0 || value.length != strlen(text) || !is_value(value) || value.length > 1024) {
        base_error_set(error, "not a value of User-Agent: 1 to 1024 characters, none a control character or a blank "
                              "at an end");
        return false;
    }
    with->user_agent = text;
    return true;
}
