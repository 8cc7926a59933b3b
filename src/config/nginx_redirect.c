#include "config/nginx_redirect.h"

#include "base/ascii.h"
#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)64 << 10)

/* -- Statuses ------------------------------------------------------------------------------------------------------ */

static bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Three digits; 0: it is no status. */
static int status_of(const config_word *word)
{
    if (word == NULL || word->length != 3 || strspn(word->text, "0123456789") != 3)
        return 0;
    return (int)strtol(word->text, NULL, 10);
}

/* -- Targets ------------------------------------------------------------------------------------------------------- */

static bool begins(const char *text, const char *with)
{
    const size_t length = strlen(with);

    return strnlen(text, length) == length && base_ascii_same(text, with, length);
}

static bool has_scheme(const config_word *word)
{
    return word != NULL && (begins(word->text, "http://") || begins(word->text, "https://") ||
                            begins(word->text, "$scheme") || begins(word->text, "${scheme}"));
}

static bool is_name_char(char c)
{
    const char lower = base_ascii_lower(c);

    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* The variable at a '$'; *length is how many octets it takes, 1 if there is none. */
static hf_span variable_at(const char *text, size_t *length)
{
    const bool braces = text[1] == '{';
    const char *begin = text + (braces ? 2 : 1), *end = begin;

    while (is_name_char(*end))
        end++;
    if (end == begin || (braces && *end != '}')) {
        *length = 1;
        return (hf_span){.data = NULL};
    }
    *length = (size_t)(end - text) + braces;
    return (hf_span){.data = begin, .length = (size_t)(end - begin)};
}

/* What every request has of its own. */
static bool is_of_request(hf_span name)
{
    static const char *const names[] = {"host",         "http_host", "server_name", "request_uri", "uri",
                                        "document_uri", "args",      "is_args",     "query_string"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (base_ascii_is(name.data, name.length, names[i]))
            return true;
    return false;
}

/* The text of a word with the variables that are known replaced, and the others as "$name". */
static const char *expand(const nginx_model *model, const nginx_level *level, const char *text, bool tls)
{
    base_buffer out;
    const char *result;

    base_buffer_init(&out, TEXT_MAX);
    while (*text != '\0') {
        size_t length = 1;
        const hf_span name = *text == '$' ? variable_at(text, &length) : (hf_span){.data = NULL};
        const nginx_value value = name.data != NULL && !is_of_request(name)
                                      ? nginx_evaluate(model, level, (hf_span){text, length}, NULL, tls)
                                      : (nginx_value){.known = false};

        if (value.known) {
            base_buffer_text(&out, value.text);
        } else if (name.data != NULL) {
            base_buffer_char(&out, '$');
            base_buffer_append(&out, name.data, name.length);
        } else {
            base_buffer_char(&out, *text);
        }
        text += length;
    }
    result = base_arena_string(&model->estate->arena, base_buffer_string(&out));
    base_buffer_done(&out);
    return result;
}

static bool is_path_variable(hf_span name)
{
    return is_of_request(name) && !base_ascii_is(name.data, name.length, "host") &&
           !base_ascii_is(name.data, name.length, "http_host") && !base_ascii_is(name.data, name.length, "server_name");
}

/* Where the host that begins here ends. */
static const char *end_of_host(const char *text)
{
    while (*text != '\0' && strchr("/?#", *text) == NULL) {
        size_t length = 1;
        const hf_span name = *text == '$' ? variable_at(text, &length) : (hf_span){.data = NULL};

        if (name.data != NULL && is_path_variable(name))
            return text;
        text += length;
    }
    return text;
}

static void read_host(hf_span host, nginx_redirect *found)
{
    const char *colon = memchr(host.data, ':', host.length), *dollar = memchr(host.data, '$', host.length);

    found->has_port = colon != NULL;
    if (colon != NULL)
        host.length = (size_t)(colon - host.data);
    found->name = host;
    if (dollar == NULL)
        found->host = host.length > 0 ? NGINX_HOST_NAMED : NGINX_HOST_UNKNOWN;
    else if (base_ascii_is(host.data, host.length, "$host") || base_ascii_is(host.data, host.length, "$http_host"))
        found->host = NGINX_HOST_SAME;
    else if (base_ascii_is(host.data, host.length, "$server_name"))
        found->host = NGINX_HOST_FIRST;
    else if (dollar > host.data && dollar[-1] == '.' &&
             base_ascii_is(dollar, host.length - (size_t)(dollar - host.data), "$host"))
        found->host = NGINX_HOST_OTHER;
    else
        found->host = NGINX_HOST_UNKNOWN;
}

static void read_target(const char *text, bool tls, nginx_redirect *found)
{
    const char *begin = strstr(text, "://"), *end;

    found->path = "";
    if (begins(text, "http://") || begins(text, "https://")) {
        found->scheme = begins(text, "https") ? NGINX_SCHEME_HTTPS : NGINX_SCHEME_HTTP;
        end = end_of_host(begin + 3);
        read_host((hf_span){begin + 3, (size_t)(end - begin - 3)}, found);
        found->path = end;
    } else if (text[0] == '/' || begins(text, "$request_uri") || begins(text, "$uri")) {
        found->scheme = tls ? NGINX_SCHEME_HTTPS : NGINX_SCHEME_HTTP;
        found->host = NGINX_HOST_SAME;
        found->path = text;
    }
}

/* -- Directives ---------------------------------------------------------------------------------------------------- */

static bool read_return(const config_node *node, nginx_redirect *found)
{
    const config_word *first = config_node_word(node, 1), *second = config_node_word(node, 2);

    if (second == NULL) {
        found->target = first;
        found->status = 302;
        return has_scheme(first);
    }
    found->target = second;
    found->code = first;
    found->status = status_of(first);
    return is_redirect(found->status);
}

static bool read_rewrite(const config_node *node, nginx_redirect *found)
{
    const config_word *flag = config_node_word(node, 3);

    found->target = config_node_word(node, 2);
    found->status = config_word_is(flag, "permanent") ? 301 : 302;
    found->code = flag;
    return found->target != NULL &&
           (config_word_is(flag, "permanent") || config_word_is(flag, "redirect") || has_scheme(found->target));
}

/* "error_page 497 =301 https://..." */
static bool read_error_page(const config_node *node, nginx_redirect *found)
{
    const size_t count = node->said->word_count;
    const config_word *code = count > 3 ? config_node_word(node, count - 2) : NULL;

    found->target = count > 2 ? config_node_word(node, count - 1) : NULL;
    found->status = 302;
    if (code != NULL && code->text[0] == '=') {
        const config_word bare = {.text = code->text + 1, .length = code->length - 1};

        found->code = code;
        found->status = is_redirect(status_of(&bare)) ? status_of(&bare) : 302;
    }
    return has_scheme(found->target);
}

bool nginx_redirect_read(const nginx_model *model, const nginx_level *level, const config_node *node, bool tls,
                         nginx_redirect *found)
{
    bool good = false;

    *found = (nginx_redirect){.node = node};
    if (config_node_is(node, "return"))
        good = read_return(node, found);
    else if (config_node_is(node, "rewrite"))
        good = read_rewrite(node, found);
    else if (config_node_is(node, "error_page"))
        good = read_error_page(node, found);
    if (good && !found->target->template)
        read_target(expand(model, level, found->target->text, tls), tls, found);
    return good;
}

bool nginx_ends_all(const config_node *node)
{
    const config_word *pattern = config_node_word(node, 1);
    nginx_redirect found = {.node = node};

    if (pattern == NULL)
        return false;
    if (config_node_is(node, "return"))
        return true;
    return config_node_is(node, "rewrite") && read_rewrite(node, &found) &&
           strspn(pattern->text, "^/().*+?$") == pattern->length;
}
