#include "config/nginx_syntax.h"

#include "base/buffer.h"

#include <string.h>

/* ngx_conf_read_token refuses longer parameters: they do not fit in its buffer. */
#define WORD_MAX 4096

typedef struct reader {
    config_estate *estate;
    config_file *file;
    nginx_file *out;
    size_t at;
    config_directive *stack[NGINX_DEPTH_MAX + 1];
    size_t depth;
    config_directive said; /* what is being read */
    size_t word_capacity;
    base_buffer word;
} reader;

static bool fault(reader *r, size_t at, size_t length, const char *reason)
{
    r->out->fault = reason;
    r->out->fault_at = at;
    r->out->fault_length = length;
    return false;
}

static char peek(const reader *r, size_t ahead)
{
    return r->at + ahead < r->file->length ? r->file->text[r->at + ahead] : '\0';
}

static bool at_end(const reader *r)
{
    return r->at >= r->file->length;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* -- Words --------------------------------------------------------------------------------------------------------- */

static void add_word(reader *r, config_word word)
{
    word.length = r->word.length;
    word.text = base_arena_copy(&r->estate->arena, base_buffer_string(&r->word), word.length);
    word.end = r->at;
    r->said.words =
        base_arena_grow(&r->estate->arena, r->said.words, r->said.word_count, &r->word_capacity, sizeof *r->said.words);
    r->said.words[r->said.word_count++] = word;
}

/* An escape in a word: nginx knows five of them, and of the others keeps the backslash. */
static void take_escape(reader *r, config_word *word)
{
    static const char from[] = "\"'\\trn", to[] = "\"'\\\t\r\n";
    char next = peek(r, 1);
    const char *known = next != '\0' ? strchr(from, next) : NULL;

    if (known != NULL) {
        base_buffer_char(&r->word, to[known - from]);
        word->exact = false;
    } else {
        base_buffer_char(&r->word, '\\');
        if (next != '\0')
            base_buffer_char(&r->word, next);
    }
    r->at += next != '\0' ? 2 : 1;
}

/* The octets from here to behind `end` on the same line; 0: it is not there. */
static size_t length_to(const reader *r, const char end[static 2])
{
    for (size_t i = 2; peek(r, i) != '\0' && peek(r, i) != '\n'; i++)
        if (peek(r, i) == end[0] && peek(r, i + 1) == end[1])
            return i + 2;
    return 0;
}

/* "{{ name }}", as template engines have it: part of a word. */
static size_t template_length(const reader *r)
{
    return peek(r, 0) == '{' && peek(r, 1) == '{' ? length_to(r, "}}") : 0;
}

static bool take_template(reader *r, config_word *word)
{
    size_t length = template_length(r);

    if (length == 0)
        return false;
    base_buffer_append(&r->word, r->file->text + r->at, length);
    r->at += length;
    word->template = true;
    return true;
}

static bool ends_word(char c)
{
    return is_blank(c) || c == ';' || c == '{';
}

static void read_plain(reader *r, config_word *word)
{
    bool variable = false;

    while (!at_end(r)) {
        char c = peek(r, 0);

        if (take_template(r, word)) {
            variable = false;
            continue;
        }
        if (ends_word(c) && !(c == '{' && variable))
            return;
        variable = c == '$';
        if (c == '\\') {
            take_escape(r, word);
            continue;
        }
        base_buffer_char(&r->word, c);
        r->at++;
    }
}

static bool read_quoted(reader *r, config_word *word)
{
    char quote = peek(r, 0);

    word->quoted = true;
    r->at++;
    while (!at_end(r) && peek(r, 0) != quote) {
        if (peek(r, 0) == '\\') {
            take_escape(r, word);
            continue;
        }
        word->template = word->template || (peek(r, 0) == '{' && peek(r, 1) == '{');
        base_buffer_char(&r->word, peek(r, 0));
        r->at++;
    }
    if (at_end(r))
        return fault(r, word->offset, 1, "the quotation mark has no counterpart");
    r->at++;
    if (!at_end(r) && !ends_word(peek(r, 0)) && peek(r, 0) != ')')
        return fault(r, r->at, 1, "a blank, ';' or '{' must follow a quoted word");
    return true;
}

static bool read_word(reader *r)
{
    config_word word = {.offset = r->at, .exact = true};

    base_buffer_clear(&r->word);
    if (peek(r, 0) == '"' || peek(r, 0) == '\'') {
        if (!read_quoted(r, &word))
            return false;
    } else {
        read_plain(r, &word);
    }
    if (r->at - word.offset > WORD_MAX)
        return fault(r, word.offset, 1, "nginx reads no word of more than 4096 bytes");
    add_word(r, word);
    return true;
}

/* -- Comments and other languages ---------------------------------------------------------------------------------- */

static void take_comment(reader *r)
{
    size_t begin = r->at;
    const char *end = memchr(r->file->text + begin, '\n', r->file->length - begin);

    r->at = end != NULL ? (size_t)(end - r->file->text) : r->file->length;
    config_comment_add(r->estate, r->file, begin,
                       (hf_span){.data = r->file->text + begin + 1, .length = r->at - begin - 1});
}

/* "{% if x %}" and "{# text #}" of a template engine, on one line: no word of the configuration. */
static bool skip_template(reader *r)
{
    size_t length = 0;

    if (peek(r, 0) == '{' && peek(r, 1) == '%')
        length = length_to(r, "%}");
    else if (peek(r, 0) == '{' && peek(r, 1) == '#')
        length = length_to(r, "#}");
    r->at += length;
    return length > 0;
}

/* "[", "=" any number of times, "[": the opening of a long string of Lua, how many "="; -1: it is none. */
static int long_opening(const reader *r, size_t at)
{
    const char *text = r->file->text + at;
    int level = 0;

    if (*text++ != '[')
        return -1;
    while (*text == '=') {
        text++;
        level++;
    }
    return *text == '[' ? level : -1;
}

static void skip_long(reader *r, int level)
{
    for (r->at += (size_t)level + 2; !at_end(r); r->at++) {
        int equals = 0;

        if (peek(r, 0) != ']')
            continue;
        while (peek(r, 1 + (size_t)equals) == '=')
            equals++;
        if (equals == level && peek(r, 1 + (size_t)equals) == ']') {
            r->at += (size_t)level + 2;
            return;
        }
    }
}

static void skip_lua_string(reader *r)
{
    char quote = peek(r, 0);

    for (r->at++; !at_end(r) && peek(r, 0) != quote && peek(r, 0) != '\n'; r->at++)
        if (peek(r, 0) == '\\' && r->at + 1 < r->file->length)
            r->at++;
    r->at += !at_end(r);
}

/* One token of Lua, so far as braces could hide in it. */
static void skip_lua(reader *r)
{
    bool comment = peek(r, 0) == '-' && peek(r, 1) == '-';
    int level;

    if (comment)
        r->at += 2;
    level = long_opening(r, r->at);
    if (level >= 0) {
        skip_long(r, level);
    } else if (comment) {
        while (!at_end(r) && peek(r, 0) != '\n')
            r->at++;
    } else if (peek(r, 0) == '"' || peek(r, 0) == '\'') {
        skip_lua_string(r);
    } else {
        r->at++;
    }
}

/* The body of a block whose '{' was just read. */
static bool take_lua(reader *r)
{
    size_t begin = r->at, braces = 1;

    while (!at_end(r)) {
        if (peek(r, 0) == '{')
            braces++;
        else if (peek(r, 0) == '}' && --braces == 0)
            break;
        skip_lua(r);
    }
    if (at_end(r))
        return fault(r, begin - 1, 1, "this block has no end");
    r->said.raw_length = r->at - begin;
    r->said.close = r->at++;
    return true;
}

static bool is_lua(const config_word *name)
{
    static const char ending[] = "_by_lua_block";
    size_t length = sizeof ending - 1;

    return name->length > length && strcmp(name->text + name->length - length, ending) == 0;
}

/* -- Directives ---------------------------------------------------------------------------------------------------- */

static config_directive *keep(reader *r)
{
    config_directive *parent = r->stack[r->depth];

    parent->children = base_arena_grow(&r->estate->arena, parent->children, parent->child_count,
                                       &parent->child_capacity, sizeof *parent->children);
    r->said.file = r->file;
    parent->children[parent->child_count] = r->said;
    r->said = (config_directive){0};
    r->word_capacity = 0;
    return &parent->children[parent->child_count++];
}

static bool end_directive(reader *r)
{
    if (r->said.word_count == 0)
        return fault(r, r->at, 1, "there is no directive in front of this ';'");
    r->said.end = ++r->at;
    (void)keep(r);
    return true;
}

static bool open_block(reader *r)
{
    if (r->said.word_count == 0)
        return fault(r, r->at, 1, "there is no directive in front of this '{'");
    r->said.end = ++r->at;
    r->said.has_block = true;
    r->said.close = r->file->length;
    if (is_lua(&r->said.words[0])) {
        if (!take_lua(r))
            return false;
        (void)keep(r);
        return true;
    }
    if (r->depth == NGINX_DEPTH_MAX)
        return fault(r, r->at - 1, 1, "Holdfast reads no more than 100 blocks in blocks");
    r->stack[r->depth + 1] = keep(r);
    r->depth++;
    return true;
}

static bool close_block(reader *r)
{
    if (r->said.word_count > 0)
        return fault(r, r->said.words[0].offset, r->said.words[0].end - r->said.words[0].offset,
                     "this directive does not end with ';'");
    if (r->depth == 0)
        return fault(r, r->at, 1, "this '}' closes nothing");
    r->stack[r->depth--]->close = r->at++;
    return true;
}

static bool step(reader *r)
{
    char c = peek(r, 0);

    if (is_blank(c)) {
        r->at++;
        return true;
    }
    if (c == '#') {
        take_comment(r);
        return true;
    }
    if (c == '{' && skip_template(r))
        return true;
    if (c == ';')
        return end_directive(r);
    if (c == '{' && template_length(r) == 0)
        return open_block(r);
    if (c == '}')
        return close_block(r);
    return read_word(r);
}

static bool read_all(reader *r)
{
    while (!at_end(r))
        if (!step(r))
            return false;
    if (r->said.word_count > 0)
        return fault(r, r->said.words[0].offset, r->said.words[0].end - r->said.words[0].offset,
                     "this directive does not end with ';'");
    if (r->depth > 0) {
        const config_word *name = &r->stack[r->depth]->words[0];

        return fault(r, name->offset, name->end - name->offset, "this block has no end");
    }
    return true;
}

const nginx_file *nginx_parse(config_estate *estate, config_file *file)
{
    nginx_file *out;
    reader r;

    if (file->parsed != NULL)
        return file->parsed;
    out = base_arena_take(&estate->arena, sizeof *out);
    out->top = (config_directive){.file = file, .has_block = true, .close = file->length};
    r = (reader){.estate = estate, .file = file, .out = out};
    r.stack[0] = &out->top;
    /* A byte order mark is passed over, as nginx does not: it would be part of the first word. */
    if (file->length >= 3 && memcmp(file->text, "\xef\xbb\xbf", 3) == 0)
        r.at = 3;
    base_buffer_init(&r.word, CONFIG_FILE_MAX);
    (void)read_all(&r);
    base_buffer_done(&r.word);
    file->parsed = out;
    return out;
}
