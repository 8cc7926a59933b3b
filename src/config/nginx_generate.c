/* An nginx configuration that does what is wished. The lines that do it are the blocks of the catalogue, which check
 * shows beside its findings: what is said in both places is written once. */
#include "config/nginx_generate.h"

#include "base/hash.h"
#include "base/time.h"
#include "config/value.h"
#include "findings/snippet.h"

#include <inttypes.h>
#include <string.h>

#define COLUMNS 100
#define VARIABLE_MAX 45 /* with the dollar; for longer ones nginx has no room by default, and does not start */
#define NAMES_TEXT_MAX (CONFIG_NAMES_MAX * CONFIG_NAME_MAX)

typedef struct writing {
    const config_wish *wish;
    base_buffer *out;
    base_arena arena;
    char policy[HF_HEADER_MAX];
    const char *names;    /* all of them, as server_name takes them */
    const char *host;     /* the first, without "*." */
    const char *variable; /* "$hsts_example_com": a second file for another site has another one */
} writing;

static bool is_before(const writing *w, int major, int minor, int patch)
{
    return config_version_is_before(w->wish->version, major, minor, patch);
}

static bool is_from(const writing *w, int major, int minor, int patch)
{
    return config_version_is_from(w->wish->version, major, minor, patch);
}

/* -- Lines --------------------------------------------------------------------------------------------------------- */

static const char *replaced(writing *w, const char *line, const char *old, const char *new)
{
    const char *at = strstr(line, old);

    if (at == NULL)
        return line;
    return base_arena_format(&w->arena, "%.*s%s%s", (int)(at - line), line, new, at + strlen(old));
}

/* What the versions of nginx want otherwise than the catalogue has it. */
static const char *fitted(writing *w, const char *line)
{
    line = replaced(w, line, "$hsts", w->variable);
    if (is_before(w, 1, 7, 5))
        line = replaced(w, line, " always;", ";");
    if (is_from(w, 1, 9, 5) && is_before(w, 1, 25, 1))
        line = replaced(w, line, "443 ssl;", "443 ssl http2;");
    return line;
}

static void put(writing *w, int indent, const char *line)
{
    base_buffer_appendf(w->out, "%*s%s\n", indent, "", fitted(w, line));
}

static void put_lines(writing *w, int indent, const char *lines)
{
    while (lines != NULL && *lines != '\0') {
        const char *end = strchr(lines, '\n');
        const size_t length = end != NULL ? (size_t)(end - lines) : strlen(lines);

        put(w, indent, base_arena_copy(&w->arena, lines, length));
        lines = end != NULL ? end + 1 : NULL;
    }
}

/* A comment, as wide as a line may be. */
static void remark(writing *w, int indent, const char *text)
{
    size_t column = 0;

    while (*text != '\0') {
        const size_t length = strcspn(text, " ");

        if (column > 0 && column + 1 + length > COLUMNS) {
            base_buffer_char(w->out, '\n');
            column = 0;
        }
        if (column == 0) {
            base_buffer_appendf(w->out, "%*s#", indent, "");
            column = (size_t)indent + 1;
        }
        base_buffer_char(w->out, ' ');
        base_buffer_append(w->out, text, length);
        column += 1 + length;
        text += length;
        text += strspn(text, " ");
    }
    base_buffer_char(w->out, '\n');
}

/* A paragraph of comment alone. */
static void explain(writing *w, const char *text)
{
    remark(w, 0, text);
    base_buffer_char(w->out, '\n');
}

/* -- The catalogue ------------------------------------------------------------------------------------------------- */

/* The lines of nginx that mend a finding, without the comment in front that says where they go. */
static const char *block_of(writing *w, rule_id rule, const char *host, const char *policy)
{
    finding_snippet snippet = {.text = ""};

    (void)finding_block_of(rule_find(rule), FINDING_SERVER_NGINX, host, policy, &w->arena, &snippet);
    while (*snippet.text == '#')
        snippet.text = strchr(snippet.text, '\n') + 1;
    return snippet.text;
}

/* The line of a block that begins so. */
static const char *line_of(writing *w, const char *block, const char *begin)
{
    const char *at = strstr(block, begin);

    return at != NULL ? base_arena_copy(&w->arena, at, strcspn(at, "\n")) : "";
}

/* -- The head ------------------------------------------------------------------------------------------------------ */

/* A longer one does not fit where nginx keeps names by default, and nginx does not start. */
#define SHORT_NAME_MAX 46

static bool has_long_name(const config_wish *wish)
{
    for (size_t i = 0; i < wish->name_count; i++)
        if (strlen(wish->names[i]) > SHORT_NAME_MAX)
            return true;
    return false;
}

static void say_limits(writing *w)
{
    if (w->wish->name_count == 0)
        remark(w, 0, "example.com is an example: --server-name gives your names.");
    if (!config_version_is_said(w->wish->version))
        remark(w, 0, "It is right for nginx from 1.7.5 on; --version adds HTTP/2 and what newer ones have.");
    if (has_long_name(w->wish))
        remark(w, 0, "For a name of this length http { } needs the line server_names_hash_bucket_size 512.");
    remark(w, 0, "Where the machine has no IPv6, leave out the lines with [::].");
}

static void write_head(writing *w)
{
    char words[BASE_WORDS_MAX];
    const config_version *v = &w->wish->version;
    const char *said = config_version_is_said(*v)
                           ? base_arena_format(&w->arena, "--version %d.%d.%d ", v->major, v->minor, v->patch)
                           : "";

    base_duration_words(w->wish->policy.max_age, words);
    remark(w, 0, base_arena_format(&w->arena, "HSTS for %s, written by holdfast config generate.", w->host));
    remark(w, 0,
           base_arena_format(&w->arena,
                             "It is a file of its own inside http { }, such as /etc/nginx/conf.d/%s.conf, or lines "
                             "for the server blocks that you have.",
                             w->host));
    say_limits(w);
    base_buffer_text(w->out, "#\n# To verify it:\n#     nginx -t && nginx -s reload\n");
    base_buffer_appendf(w->out, "#     holdfast config lint %s/etc/nginx/nginx.conf\n#     holdfast check %s\n", said,
                        w->host);
    if (w->wish->stage != NULL)
        base_buffer_appendf(w->out, "#\n# This is the stage %s: max-age is %s.\n", w->wish->stage->name, words);
    if (w->wish->stage != NULL && w->wish->stage->days > 0)
        base_buffer_appendf(w->out,
                            "# The next one is %s, after %d days in which every name answered over HTTPS without a "
                            "fault.\n",
                            w->wish->stage[1].name, w->wish->stage->days);
    base_buffer_char(w->out, '\n');
}

static void write_rollback(writing *w)
{
    explain(
        w,
        "A rollback: a browser that comes over HTTPS forgets the policy. One that does not come keeps it until it "
        "runs out, so every name must answer over HTTPS with a valid certificate until then. Leave the redirect in "
        "place. A policy with includeSubDomains is taken back only on the name that sent it. An entry in a preload "
        "list stays: ask for its removal at https://hstspreload.org/removal/, which takes months to reach visitors.");
}

static void write_meaning(writing *w)
{
    if (w->wish->rollback)
        write_rollback(w);
    if (w->wish->policy.include_subdomains)
        explain(w, base_arena_format(&w->arena,
                                     "includeSubDomains: every name below the one that sends it must answer over HTTPS "
                                     "too, also those of other servers. Below %s, visitors cannot bypass an error.",
                                     w->host));
    if (w->wish->policy.preload)
        explain(w,
                "preload: consent to be built into browsers, for the domain and every name below it, also for people "
                "who never came. It has effect once somebody submits the domain at https://hstspreload.org/. It cannot "
                "be taken back soon: a removal takes months to reach visitors.");
}

/* Marks for what lint says of the value, for it is what was asked for. */
static void write_marks(writing *w)
{
    config_value_faults faults = {0};

    config_value_judge((hf_span){w->policy, strlen(w->policy)}, &w->arena, &faults);
    for (size_t i = 0; i < faults.count; i++)
        base_buffer_appendf(w->out, "    # holdfast: ignore %s %s\n", rule_find(faults.items[i].rule)->name,
                            w->wish->rollback        ? "this is a rollback"
                            : w->wish->stage != NULL ? "this is a stage of the rollout"
                                                     : "this policy was asked for");
}

/* -- The policy ---------------------------------------------------------------------------------------------------- */

/* The map of the block, with the marks in front of the policy. */
static void write_map(writing *w)
{
    const char *map = block_of(w, RULE_HTTP_STS_IN_CLEAR, w->host, w->policy);

    remark(w, 0,
           "The policy. Without TLS it is empty, and nginx sends no header then: port 443 answers plain HTTP with an "
           "error page, which must not have it.");
    put(w, 0, line_of(w, map, "map "));
    write_marks(w);
    put(w, 4, line_of(w, map, "https "));
    base_buffer_text(w->out, "}\n\n");
}

static void write_trusted_map(writing *w)
{
    const char *proxy = replaced(w, w->variable, "$hsts", "$proxy");

    remark(w, 0,
           base_arena_format(&w->arena,
                             "The addresses of the proxies that end TLS, as nginx sees them: write yours. Only they "
                             "may say that a visitor came over HTTPS; let nobody else reach this server. Where "
                             "set_real_ip_from is in use, write geo $realip_remote_addr %s.",
                             proxy));
    base_buffer_appendf(w->out, "geo %s {\n    default 0;\n    127.0.0.1 1;\n", proxy);
    base_buffer_text(w->out, is_before(w, 1, 3, 10) ? "}\n\n" : "    ::1 1;\n}\n\n");
    remark(w, 0,
           "The policy. For a request that did not come over HTTPS it is empty, and nginx sends no header then. The "
           "proxy must set X-Forwarded-Proto itself, and must not add the header.");
    base_buffer_appendf(w->out, "map \"%s:$http_x_forwarded_proto\" %s {\n", proxy, w->variable);
    write_marks(w);
    base_buffer_appendf(w->out, "    \"1:https\" \"%s\";\n}\n\n", w->policy);
}

/* -- The servers --------------------------------------------------------------------------------------------------- */

static void write_redirect(writing *w)
{
    remark(w, 0, "Each name goes to itself over HTTPS first: then it has a policy of its own.");
    put_lines(w, 0, block_of(w, RULE_HTTP_NO_REDIRECT, w->names, NULL));
    base_buffer_char(w->out, '\n');
}

static void write_listener(writing *w)
{
    const char *block = block_of(w, RULE_LISTEN_443_NO_SSL, w->host, NULL);
    const char *certificate = line_of(w, block, "ssl_certificate "), *key = line_of(w, block, "ssl_certificate_key ");

    if (w->wish->certificate != NULL)
        certificate = base_arena_format(&w->arena, "ssl_certificate %s;", w->wish->certificate);
    if (w->wish->key != NULL)
        key = base_arena_format(&w->arena, "ssl_certificate_key %s;", w->wish->key);
    put(w, 4, line_of(w, block, "listen 443"));
    put(w, 4, line_of(w, block, "listen [::]"));
    if (is_from(w, 1, 25, 1))
        put(w, 4, "http2 on;");
    base_buffer_appendf(w->out, "    server_name %s;\n", w->names);
    put(w, 4, certificate);
    put(w, 4, key);
}

/* No loop: only a proxy that says "http" is sent back. */
static void write_plain_listener(writing *w)
{
    const char *block = block_of(w, RULE_HTTP_NO_REDIRECT, w->names, NULL);

    put(w, 4, line_of(w, block, "listen 80"));
    put(w, 4, line_of(w, block, "listen [::]"));
    put(w, 4, line_of(w, block, "server_name "));
    base_buffer_char(w->out, '\n');
    remark(w, 4, "Each name goes to itself over HTTPS first: then it has a policy of its own.");
    put(w, 4, "if ($http_x_forwarded_proto = http) {");
    put(w, 8, line_of(w, block, "return "));
    put(w, 4, "}");
    if (is_before(w, 1, 11, 8))
        return;
    remark(w, 4, "nginx's own redirects would name http://, which is the scheme that it sees.");
    put(w, 4, "absolute_redirect off;");
}

static void say_always(writing *w)
{
    if (!is_before(w, 1, 7, 5)) {
        remark(w, 4, "`always` is for error pages: without it they have no header.");
        return;
    }
    remark(
        w, 4,
        "Before nginx 1.7.5 this line does nothing for error pages (400, 404, 500 and the like): update nginx, or use "
        "more_set_headers of the module headers-more in its place.");
}

static void say_locations(writing *w)
{
    if (is_from(w, 1, 29, 3)) {
        remark(w, 4,
               "A location with an add_header of its own keeps this one too. Do not repeat the line there, and have no "
               "other line with this header above.");
        put(w, 4, "add_header_inherit merge;");
    } else {
        remark(w, 4,
               "A location (or `if`) with an add_header of its own drops the one above it, also where error_page or "
               "try_files leads there: repeat the line there. The same goes for proxy_hide_header and its kin.");
    }
}

static void write_hides(writing *w, const char *hide)
{
    static const char *const kinds[] = {"proxy_", "fastcgi_", "uwsgi_", "scgi_"};

    remark(w, 4, "The header of an application behind this server is hidden: a response must have it once.");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        put(w, 4, replaced(w, hide, kinds[0], kinds[i]));
    if (is_from(w, 1, 13, 10))
        put(w, 4, replaced(w, hide, kinds[0], "grpc_"));
}

static void write_header(writing *w)
{
    base_buffer_char(w->out, '\n');
    write_hides(w, line_of(w, block_of(w, RULE_HSTS_SEVERAL, w->host, NULL), "proxy_hide_header "));
    base_buffer_char(w->out, '\n');
    say_always(w);
    say_locations(w);
    put(w, 4, line_of(w, block_of(w, RULE_HTTP_STS_IN_CLEAR, w->host, NULL), "add_header "));
}

static void write_server(writing *w)
{
    base_buffer_text(w->out, "server {\n");
    if (w->wish->behind_proxy)
        write_plain_listener(w);
    else
        write_listener(w);
    write_header(w);
    base_buffer_appendf(w->out, "\n    root /var/www/%s;\n}\n", w->host);
}

static void write_strangers(writing *w)
{
    if (w->wish->behind_proxy) {
        base_buffer_char(w->out, '\n');
        remark(w, 0,
               "A request that nginx rejects before it has read all of it (400, 414, 494) has no scheme that could be "
               "believed, and its error page no header. Where the proxy can set the header itself, let it, for every "
               "response, in place of this file.");
    } else if (is_from(w, 1, 19, 4)) {
        base_buffer_char(w->out, '\n');
        remark(w, 0,
               "Names that no server block has are answered by the default server of the port, with a certificate for "
               "another name. This one rejects them; a port has one default server:");
        base_buffer_text(w->out, "# server {\n#     listen 443 ssl default_server;\n"
                                 "#     listen [::]:443 ssl default_server;\n#     ssl_reject_handshake on;\n# }\n");
    }
}

/* -- The whole ----------------------------------------------------------------------------------------------------- */

static const char *without_star(const char *name)
{
    return strncmp(name, "*.", 2) == 0 ? name + 2 : name;
}

static const char *joined_names(writing *w)
{
    base_buffer names;
    const char *text;

    base_buffer_init(&names, NAMES_TEXT_MAX);
    for (size_t i = 0; i < w->wish->name_count; i++)
        base_buffer_appendf(&names, "%s%s", i > 0 ? " " : "", w->wish->names[i]);
    text = base_arena_string(&w->arena, base_buffer_string(&names));
    base_buffer_done(&names);
    return text;
}

static const char *letters_for(const char *at)
{
    return *at == '.' ? "_" : *at == '*' ? "any" : *at == '-' || *at == '_' ? "__" : NULL;
}

/* "$hsts_example_com", and "$hsts_an__example" of a name with a hyphen. */
static const char *variable_for(writing *w)
{
    const char *name = w->wish->name_count > 0 ? w->wish->names[0] : w->host, *variable;
    base_buffer made;

    base_buffer_init(&made, 2 * CONFIG_NAME_MAX + VARIABLE_MAX);
    base_buffer_text(&made, "$hsts_");
    for (const char *at = name; *at != '\0'; at++)
        if (letters_for(at) != NULL)
            base_buffer_text(&made, letters_for(at));
        else
            base_buffer_char(&made, *at);
    variable = base_arena_string(&w->arena, base_buffer_string(&made));
    base_buffer_done(&made);
    if (strlen(variable) > VARIABLE_MAX)
        variable = base_arena_format(&w->arena, "%.*s_%016" PRIx64, VARIABLE_MAX - 17, variable,
                                     base_hash(BASE_HASH_START, name, strlen(name)));
    return variable;
}

void nginx_generate(const config_wish *wish, base_buffer *out)
{
    writing w = {.wish = wish, .out = out, .names = "example.com", .host = "example.com"};
    size_t length;

    if (hf_header_format(&wish->policy, w.policy, sizeof w.policy, &length) != HF_OK)
        return;
    if (wish->name_count > 0) {
        w.names = joined_names(&w);
        w.host = without_star(wish->names[0]);
    }
    w.variable = variable_for(&w);
    write_head(&w);
    write_meaning(&w);
    if (wish->behind_proxy) {
        write_trusted_map(&w);
    } else {
        write_map(&w);
        write_redirect(&w);
    }
    write_server(&w);
    write_strangers(&w);
    base_arena_done(&w.arena);
}
