/* Single directives, wherever they stand: in the wrong place, of the wrong version, cut off by a semicolon. */
#include "base/ascii.h"
#include "config/nginx_rules.h"
#include "holdfast/header.h"

#include <string.h>

static bool has_template(const config_node *node)
{
    for (size_t i = 0; i < node->said->word_count; i++)
        if (node->said->words[i].template)
            return true;
    return false;
}

/* -- Where a directive may stand ----------------------------------------------------------------------------------- */

enum {
    IN_HTTP = 1 << NGINX_HTTP,
    IN_SERVER = 1 << NGINX_SERVER,
    IN_LOCATION = 1 << NGINX_LOCATION,
    IN_IF = 1 << NGINX_IF,
    IN_SERVER_IF = 1 << NGINX_SERVER_IF,
    IN_LIMIT = 1 << NGINX_LIMIT,
};

#define ABOVE (IN_HTTP | IN_SERVER)
#define USUAL (IN_HTTP | IN_SERVER | IN_LOCATION)
#define REWRITING (IN_SERVER | IN_SERVER_IF | IN_LOCATION | IN_IF)

typedef struct allowed {
    const char *name;
    unsigned levels;
} allowed;

static const allowed directives[] = {
    {"add_header", USUAL | IN_IF},
    {"add_trailer", USUAL | IN_IF},
    {"add_header_inherit", USUAL | IN_IF},
    {"more_set_headers", USUAL | IN_IF},
    {"more_clear_headers", USUAL | IN_IF},
    {"expires", USUAL | IN_IF},
    {"error_page", USUAL | IN_IF},
    {"root", USUAL | IN_IF},
    {"return", REWRITING},
    {"rewrite", REWRITING},
    {"set", REWRITING},
    {"if", IN_SERVER | IN_LOCATION},
    {"location", IN_SERVER | IN_LOCATION},
    {"try_files", IN_SERVER | IN_LOCATION},
    {"limit_except", IN_LOCATION},
    {"alias", IN_LOCATION},
    {"internal", IN_LOCATION},
    {"listen", IN_SERVER},
    {"server_name", IN_SERVER},
    {"map", IN_HTTP},
    {"upstream", IN_HTTP},
    {"http2", ABOVE},
    {"ssl", ABOVE},
    {"ssl_certificate", ABOVE},
    {"ssl_certificate_key", ABOVE},
    {"ssl_protocols", ABOVE},
    {"ssl_reject_handshake", ABOVE},
    {"ssl_stapling", ABOVE},
    {"proxy_hide_header", USUAL},
    {"fastcgi_hide_header", USUAL},
    {"uwsgi_hide_header", USUAL},
    {"scgi_hide_header", USUAL},
    {"grpc_hide_header", USUAL},
    {"proxy_redirect", USUAL},
    {"proxy_set_header", USUAL},
    {"proxy_pass", IN_LOCATION | IN_IF | IN_LIMIT},
    {"fastcgi_pass", IN_LOCATION | IN_IF},
    {"uwsgi_pass", IN_LOCATION | IN_IF},
    {"scgi_pass", IN_LOCATION | IN_IF},
    {"grpc_pass", IN_LOCATION | IN_IF},
};

/* What the block is called that a level is. */
static const char *name_of(nginx_kind kind)
{
    static const char *const names[] = {[NGINX_HTTP] = "'http'",
                                        [NGINX_SERVER] = "'server'",
                                        [NGINX_LOCATION] = "'location'",
                                        [NGINX_IF] = "an 'if' of a location",
                                        [NGINX_SERVER_IF] = "an 'if' of a server",
                                        [NGINX_LIMIT] = "'limit_except'"};

    return names[kind];
}

/* A file whose lines stand in a server may as well be for locations. */
static unsigned bits_of(const nginx_level *level)
{
    const unsigned bit = 1U << level->kind;

    return level->kind == NGINX_SERVER && level->server->assumed ? bit | IN_LOCATION | IN_IF : bit;
}

static void judge_context(const nginx_judging *judging, const nginx_level *level, const config_node *node)
{
    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++)
        if (config_node_is(node, directives[i].name)) {
            if ((directives[i].levels & bits_of(level)) == 0)
                config_lint_word(judging->lint, node, NULL, RULE_BAD_CONTEXT, "%s is not allowed in %s",
                                 directives[i].name, name_of(level->kind));
            return;
        }
}

/* Outside of http { }, and in its blocks that are none of a server. */
static void judge_outside(const nginx_judging *judging, const config_node *block, const char *name)
{
    static const char *const headers[] = {"add_header", "add_trailer", "more_set_headers"};

    for (size_t i = 0; i < block->child_count; i++)
        for (size_t j = 0; j < sizeof headers / sizeof *headers; j++)
            if (config_node_is(block->children[i], headers[j]))
                config_lint_word(judging->lint, block->children[i], NULL, RULE_BAD_CONTEXT, "%s is not allowed in %s",
                                 headers[j], name);
}

/* -- Which version knows it ---------------------------------------------------------------------------------------- */

typedef struct feature {
    const char *directive, *argument; /* argument NULL: the directive itself */
    bool is_third;                    /* it is the third argument; else any */
    int major, minor, patch;          /* from this one on */
} feature;

/* nginx.org/en/CHANGES */
static const feature features[] = {
    {"add_header", "always", true, 1, 7, 5},
    {"add_header_inherit", NULL, false, 1, 29, 3},
    {"add_trailer", NULL, false, 1, 13, 2},
    {"add_trailer_inherit", NULL, false, 1, 29, 3},
    {"http2", NULL, false, 1, 25, 1},
    {"http3", NULL, false, 1, 25, 0},
    {"http3_hq", NULL, false, 1, 25, 0},
    {"listen", "http2", false, 1, 9, 5},
    {"listen", "quic", false, 1, 25, 0},
    {"quic_gso", NULL, false, 1, 25, 0},
    {"quic_retry", NULL, false, 1, 25, 0},
    {"return", "308", false, 1, 13, 0},
    {"ssl_conf_command", NULL, false, 1, 19, 4},
    {"ssl_early_data", NULL, false, 1, 15, 3},
    {"ssl_protocols", "TLSv1.3", false, 1, 13, 0},
    {"ssl_reject_handshake", NULL, false, 1, 19, 4},
    {"ssl_stapling", NULL, false, 1, 3, 7},
};

/* The word that the feature is; NULL: the directive has it not. */
static const config_word *word_of(const config_node *node, const feature *known)
{
    if (!config_node_is(node, known->directive))
        return NULL;
    if (known->argument == NULL)
        return &node->said->words[0];
    if (known->is_third)
        return config_word_is(config_node_word(node, 3), known->argument) ? config_node_word(node, 3) : NULL;
    for (size_t i = 1; i < node->said->word_count; i++)
        if (config_word_is(&node->said->words[i], known->argument))
            return &node->said->words[i];
    return NULL;
}

static void judge_feature(const nginx_judging *judging, const config_node *node, const feature *known)
{
    const config_word *word = word_of(node, known);

    if (word == NULL || !config_version_is_before(judging->model->version, known->major, known->minor, known->patch))
        return;
    if (config_lint_word(judging->lint, node, word, RULE_VERSION_UNSUPPORTED, "nginx knows '%s' from %d.%d.%d on",
                         word->text, known->major, known->minor, known->patch) &&
        known->is_third)
        config_lint_edit(judging->lint, node->said->file, word[-1].end, word->end - word[-1].end, "");
}

static void judge_version(const nginx_judging *judging, const config_node *node)
{
    if (!config_version_is_said(judging->model->version))
        return;
    for (size_t i = 0; i < sizeof features / sizeof *features; i++)
        judge_feature(judging, node, &features[i]);
}

/* -- The directive ssl --------------------------------------------------------------------------------------------- */

/* True if `ssl` behind each port says the same: all of them have TLS then, and none is the port of plain HTTP. */
static bool can_say_ssl(const nginx_level *level, const config_node *node)
{
    const nginx_server *server = level->server;

    if (level->kind != NGINX_SERVER || server->assumed || level->node == NULL || level->unread)
        return false;
    for (size_t i = 0; i < server->listen_count; i++) {
        const nginx_listen *listen = &server->listens[i];

        if (listen->said_tls)
            continue;
        if (listen->node == NULL || listen->node->said->file != node->said->file || listen->node->via != node->via ||
            listen->port == 80 || listen->shared)
            return false;
    }
    return server->listen_count > 0;
}

static void mend_ssl(const nginx_judging *judging, const nginx_level *level, const config_node *node)
{
    const bool is_on = config_word_is(config_node_word(node, 1), "on");

    if (is_on && !can_say_ssl(level, node))
        return;
    for (size_t i = 0; is_on && i < level->server->listen_count; i++)
        if (!level->server->listens[i].said_tls)
            nginx_mend_listen(judging, &level->server->listens[i]);
    nginx_mend_delete(judging, node);
}

static void judge_ssl(const nginx_judging *judging, const nginx_level *level, const config_node *node)
{
    const bool is_gone = config_version_is_from(judging->model->version, 1, 25, 1);

    if (!config_node_is(node, "ssl") || node->said->has_block)
        return;
    if (config_lint_word(judging->lint, node, NULL, is_gone ? RULE_VERSION_UNSUPPORTED : RULE_SSL_ON_REMOVED,
                         "nginx has no directive ssl from 1.25.1 on"))
        mend_ssl(judging, level, node);
}

/* -- Arguments ----------------------------------------------------------------------------------------------------- */

static void judge_arguments(const nginx_judging *judging, const config_node *node)
{
    const size_t count = node->said->word_count;

    if ((!config_node_is(node, "add_header") && !config_node_is(node, "add_trailer")) || has_template(node))
        return;
    if (count < 3 || count > 4)
        config_lint_word(judging->lint, node, NULL, RULE_SYNTAX_ERROR,
                         "%s has %zu arguments; it takes a name, a value, and then `always` or nothing",
                         node->said->words[0].text, count - 1);
    else if (count == 4 && !config_word_is(config_node_word(node, 3), "always"))
        config_lint_word(judging->lint, node, config_node_word(node, 3), RULE_SYNTAX_ERROR,
                         "behind the value %s takes nothing but `always`", node->said->words[0].text);
}

/* -- Values without quotes ----------------------------------------------------------------------------------------- */

#define PARTS_MAX 8 /* directives of one HSTS value */

/* What follows a directive in its file. */
typedef struct following {
    const char *at, *end; /* the end of the file */
} following;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blanks(following *f)
{
    while (f->at < f->end && is_blank(*f->at))
        f->at++;
}

static bool take(following *f, const char *word)
{
    const size_t length = strlen(word);

    if ((size_t)(f->end - f->at) < length || !base_ascii_same(f->at, word, length))
        return false;
    f->at += length;
    return true;
}

static void skip_quote(following *f)
{
    f->at += f->at < f->end && (*f->at == '"' || *f->at == '\'');
}

/* A directive of an HSTS value in front of a ';', with `always` behind it or not; quotes may have gone astray. */
static bool take_part(following *f, const char **end, bool *always)
{
    skip_blanks(f);
    skip_quote(f);
    if (take(f, "max-age="))
        while (f->at < f->end && *f->at >= '0' && *f->at <= '9')
            f->at++;
    else if (!take(f, "includeSubDomains") && !take(f, "preload"))
        return false;
    skip_quote(f);
    *end = f->at;
    if (f->at < f->end && is_blank(*f->at)) {
        skip_blanks(f);
        *always = take(f, "always");
        skip_blanks(f);
    }
    return f->at < f->end && *f->at++ == ';';
}

/* Where the value really ends that nginx cuts at the first ';'; NULL: it is whole. */
static const char *end_of_cut(const config_node *node, bool *always)
{
    const config_file *file = node->said->file;
    following f = {file->text + node->said->end, file->text + file->length};
    const char *end = NULL, *last;

    *always = false;
    for (size_t i = 0; i < PARTS_MAX && !*always && take_part(&f, &last, always); i++)
        end = last;
    return end;
}

static bool is_policy_line(const config_node *node)
{
    const config_word *name = config_node_word(node, 1);

    if (name == NULL || config_node_word(node, 2) == NULL)
        return name != NULL && config_node_is(node, "more_set_headers") && name->length > sizeof HF_HEADER_NAME &&
               base_ascii_same(name->text, HF_HEADER_NAME ":", sizeof HF_HEADER_NAME);
    return config_node_is(node, "add_header") && hf_header_is_sts(name->text, name->length);
}

bool nginx_is_cut(const config_node *node, bool *always)
{
    *always = false;
    return is_policy_line(node) && end_of_cut(node, always) != NULL;
}

/* The quotes go around what stands there, if that is one line without quotes of its own. */
static void mend_cut(const nginx_judging *judging, const config_node *node, const char *end)
{
    config_file *file = node->said->file;
    const config_word *value = config_node_word(node, 2);
    const char *begin;
    size_t length;

    if (value == NULL || value->quoted || !value->exact || node->said->word_count != 3)
        return;
    begin = file->text + value->offset;
    length = (size_t)(end - begin);
    if (memchr(begin, '\n', length) == NULL && memchr(begin, '"', length) == NULL &&
        memchr(begin, '\'', length) == NULL)
        config_lint_edit(judging->lint, file, value->offset, length,
                         base_arena_format(judging->arena, "\"%.*s\"", (int)length, begin));
}

static void judge_cut(const nginx_judging *judging, const config_node *node)
{
    bool always;
    const char *end = is_policy_line(node) ? end_of_cut(node, &always) : NULL;
    const config_file *file = node->said->file;
    const char *begin = file->text + node->said->end;

    if (end == NULL)
        return;
    while (is_blank(*begin))
        begin++;
    if (config_lint_word(judging->lint, node, config_node_word(node, config_node_word(node, 2) != NULL ? 2 : 1),
                         RULE_UNQUOTED_SEMICOLON, "nginx reads '%s' as a directive",
                         BASE_CUT(base_arena_copy(judging->arena, begin, (size_t)(end - begin)))))
        mend_cut(judging, node, end);
}

/* -- Trailers ------------------------------------------------------------------------------------------------------ */

/* A header line of its own keeps those of the level above out: then the word alone is not the mend. */
static void mend_trailer(const nginx_judging *judging, const nginx_level *level, const config_node *node)
{
    const config_word *words = node->said->words;

    if (node->said->word_count < 3 || node->said->word_count > 4 || level->own.count != level->headers.count ||
        !nginx_is_of_block(node))
        return;
    config_lint_edit(judging->lint, node->said->file, words[0].offset, words[0].end - words[0].offset, "add_header");
    if (node->said->word_count == 3)
        config_lint_edit(judging->lint, node->said->file, words[2].end, 0, " always");
}

static void judge_trailer(const nginx_judging *judging, const nginx_level *level, const config_node *node)
{
    const config_word *name = config_node_word(node, 1);

    if (!config_node_is(node, "add_trailer") || name == NULL || !hf_header_is_sts(name->text, name->length))
        return;
    if (config_lint_word(judging->lint, node, NULL, RULE_TRAILER_NOT_HEADER, "%s is sent behind the body", name->text))
        mend_trailer(judging, level, node);
}

/* -- Headers that HTTP/2 forbids ----------------------------------------------------------------------------------- */

/* RFC 9113 8.2.2 */
static bool is_of_connection(hf_span name)
{
    static const char *const names[] = {"Connection", "Upgrade", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (base_ascii_is(name.data, name.length, names[i]))
            return true;
    return false;
}

static void judge_http2_in(const nginx_judging *judging, const nginx_level *level, const nginx_emitters *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        const nginx_emitter *emitter = lines->items[i];

        if (is_of_connection(emitter->field) && nginx_is_sent(judging, level, emitter, true))
            config_lint_word(judging->lint, emitter->node, NULL, RULE_UPGRADE_PASSED_ON,
                             "the line sends '%s' to clients of HTTP/2 too",
                             BASE_CUT(base_arena_copy(judging->arena, emitter->field.data, emitter->field.length)));
    }
}

static void judge_http2(const nginx_judging *judging, const nginx_level *level)
{
    if (level->server == NULL || !level->server->tls || !level->server->http2)
        return;
    judge_http2_in(judging, level, &level->headers);
    judge_http2_in(judging, level, &level->more);
}

static void judge_passed(const nginx_judging *judging, const nginx_level *level, const config_node *node)
{
    const config_word *name = config_node_word(node, 1);

    if (level->server != NULL && level->server->tls && level->server->http2 && name != NULL &&
        config_node_is(node, "proxy_pass_header") && base_ascii_is(name->text, name->length, "Upgrade"))
        config_lint_word(judging->lint, node, NULL, RULE_UPGRADE_PASSED_ON,
                         "the line passes the application's Upgrade on to clients of HTTP/2 too");
}

/* -- All of it ----------------------------------------------------------------------------------------------------- */

static void judge_line(const nginx_judging *judging, const nginx_level *level, const config_node *node)
{
    judge_context(judging, level, node);
    judge_version(judging, node);
    judge_arguments(judging, node);
    judge_ssl(judging, level, node);
    judge_cut(judging, node);
    judge_trailer(judging, level, node);
    judge_passed(judging, level, node);
    if (node->said->has_block && config_node_is(node, "upstream"))
        judge_outside(judging, node, "'upstream'");
}

static void judge_level(const nginx_judging *judging, const nginx_level *level)
{
    for (size_t i = 0; level->node != NULL && i < level->node->child_count; i++)
        judge_line(judging, level, level->node->children[i]);
    judge_http2(judging, level);
    for (size_t i = 0; i < level->child_count; i++)
        judge_level(judging, level->children[i]);
}

void nginx_judge_lines(const nginx_judging *judging)
{
    const nginx_model *model = judging->model;

    for (size_t i = 0; i < model->main_count; i++)
        judge_outside(judging, model->mains[i], "the main level");
    if (model->http != NULL)
        judge_level(judging, model->http);
}
