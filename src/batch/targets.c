#include "batch/targets.h"

#include "base/hash.h"
#include "base/host_port.h"
#include "base/json_read.h"
#include "base/operand.h"
#include "http/url.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define HTTPS_PORT 443
#define TEXT_MAX (BASE_HOST_PORT_MAX + 1)

/* -- One host ------------------------------------------------------------------------------------------------------ */

static bool refuse_host(const char *text, const hf_diag *diag, base_error *error)
{
    char named[HF_HOST_MAX + 1];

    if (strpbrk(text, "/@") != NULL && base_operand_host(text, named))
        base_error_set(error, "'%s': a host is expected, not a URL: write %s", BASE_CUT(text), named);
    else
        base_error_set(error, "'%s' is not a host name: %s, at octet %zu", BASE_CUT(text), diag->text, diag->offset);
    return false;
}

static bool read_host(const char *text, size_t length, batch_target *target, base_error *error)
{
    hf_diag diag;

    target->port = HTTPS_PORT;
    return base_host_port(text, length, &target->host, &target->port, &diag) || refuse_host(text, &diag, error);
}

/* A copy that ends in NUL; false if it cannot be a host anyway. */
static bool copy_text(const char *text, size_t length, char copy[static TEXT_MAX], base_error *error)
{
    const char *nul = memchr(text, '\0', length);

    if (nul != NULL) {
        base_error_set(error, "a NUL at octet %zu", (size_t)(nul - text));
        return false;
    }
    if (length >= TEXT_MAX) {
        base_error_set(error, "%zu octets are too long for a host: a name has at most %d", length, HF_HOST_MAX);
        return false;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    return true;
}

static bool read_url(const char *text, size_t length, batch_target *target, base_error *error)
{
    base_arena arena = {0};
    http_url url;
    bool good = http_url_read_named(text, length, &arena, &url, error);

    if (good) {
        target->host = url.url.host;
        target->port = url.url.scheme == HF_SCHEME_HTTPS ? url.url.port : HTTPS_PORT;
    }
    base_arena_done(&arena);
    return good;
}

/* A '/' behind a host is left when the address bar of a browser is copied by hand. */
static bool read_text(const char *text, size_t length, batch_target *target, base_error *error)
{
    char copy[TEXT_MAX];

    if (http_url_is_named(text, length))
        return read_url(text, length, target, error);
    if (length > 1 && text[length - 1] == '/')
        length--;
    return copy_text(text, length, copy, error) && read_host(copy, length, target, error);
}

/* -- One line ------------------------------------------------------------------------------------------------------ */

static bool read_string(const char *line, size_t length, batch_target *target, base_error *error)
{
    static char text[BATCH_TARGET_LINE_MAX];
    size_t text_length;

    return base_json_read_text(line, length, text, sizeof text, &text_length, error) &&
           read_text(text, text_length, target, error);
}

static bool read_members(const json_t *object, batch_target *target, base_error *error)
{
    const json_t *host = json_object_get(object, "host"), *port = json_object_get(object, "port");

    if (!json_is_string(host)) {
        base_error_set(error, "a JSON object without a string \"host\"");
        return false;
    }
    if (!read_text(json_string_value(host), json_string_length(host), target, error))
        return false;
    if (port == NULL)
        return true;
    if (!json_is_integer(port) || json_integer_value(port) < 1 || json_integer_value(port) > 65535) {
        base_error_set(error, "\"port\" is not a number from 1 to 65535");
        return false;
    }
    target->port = (int)json_integer_value(port);
    return true;
}

static bool read_object(const char *line, size_t length, batch_target *target, base_error *error)
{
    json_error_t why;
    json_t *object = json_loadb(line, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);
    bool is_read;

    if (object == NULL) {
        base_error_set(error, "offset %d: %s", why.position, why.text);
        return false;
    }
    is_read = read_members(object, target, error);
    json_decref(object);
    return is_read;
}

bool batch_target_read(const char *line, size_t length, batch_target *target, base_error *error)
{
    if (*line == '"')
        return read_string(line, length, target, error);
    if (*line == '{')
        return read_object(line, length, target, error);
    return read_text(line, length, target, error);
}

/* -- The whole ----------------------------------------------------------------------------------------------------- */

static bool is_list(const char *operand, struct stat *is)
{
    return stat(operand, is) == 0 && (S_ISREG(is->st_mode) || S_ISFIFO(is->st_mode));
}

bool batch_targets_is_list(const char *operand)
{
    struct stat is;

    return strcmp(operand, "-") == 0 || is_list(operand, &is);
}

static bool read_operand(const char *operand, batch_target *target, base_error *error)
{
    struct stat is;

    if (*operand == '\0')
        base_error_set(error, "an empty operand: HOST, HOST:PORT, FILE or - is asked for");
    else if (strchr(operand, '/') != NULL && strstr(operand, "://") == NULL)
        base_error_set(error,
                       stat(operand, &is) != 0 ? "'%s': there is no such file" : "'%s' is not a file with a list",
                       BASE_CUT(operand));
    else
        return base_operand_is_no_file(operand, BASE_OPERAND_LISTS, error) &&
               read_text(operand, strlen(operand), target, error);
    return false;
}

bool batch_targets_open(batch_targets *list, const base_operands *operands, base_error *error)
{
    bool is_known = true;
    batch_target target;
    struct stat is;

    *list = (batch_targets){.operands = operands, .hash = BASE_HASH_START};
    for (size_t i = 0; i < operands->count; i++) {
        const char *operand = operands->items[i];

        if (strcmp(operand, "-") == 0) {
            is_known = false;
        } else if (is_list(operand, &is)) {
            is_known = is_known && S_ISREG(is.st_mode);
            list->size += (uint64_t)is.st_size;
        } else if (!read_operand(operand, &target, error)) {
            return false;
        }
    }
    list->size = is_known ? list->size : 0;
    return true;
}

void batch_targets_set_column(batch_targets *list, const char *heading)
{
    list->column = heading;
}

void batch_targets_close(batch_targets *list)
{
    if (list->reading)
        base_lines_close(&list->lines);
    list->reading = false;
}

static void count(batch_targets *list, const char *text, size_t length)
{
    list->hash = base_hash(base_hash(list->hash, text, length), "\n", 1);
    list->next++;
}

/* The next line of the list that is being read. */
static batch_got next_line(batch_targets *list, batch_target *target, base_error *error)
{
    while (base_lines_ready(&list->lines)) {
        hf_span line = {NULL, 0};
        base_line got = base_lines_next(&list->lines, &line, error);

        if (got == BASE_LINE_FAILED || got == BASE_LINE_END) {
            batch_targets_close(list);
            return got == BASE_LINE_END ? BATCH_GOT_END : BATCH_GOT_FAILED;
        }
        if (got == BASE_LINE_GOOD) {
            base_listed listed = base_host_list_line(&list->form, line, &line, error);

            if (listed == BASE_LISTED_NOTHING)
                continue;
            if (listed == BASE_LISTED_WRONG) {
                base_error_wrap(error, "%s: line %llu", list->lines.name, (unsigned long long)list->lines.number);
                batch_targets_close(list);
                return BATCH_GOT_FAILED;
            }
        }
        if (got == BASE_LINE_TOO_LONG)
            line = (hf_span){"", 0};
        target->source = list->lines.name;
        target->line = list->lines.number;
        target->text = line;
        count(list, line.data, line.length);
        return got == BASE_LINE_GOOD && batch_target_read(line.data, line.length, target, error) ? BATCH_GOT_HOST
                                                                                                 : BATCH_GOT_REFUSED;
    }
    return BATCH_GOT_NONE;
}

static batch_got next_operand(batch_targets *list, batch_target *target, base_error *error)
{
    const char *operand = list->operands->items[list->operand++];
    struct stat is;

    if (strcmp(operand, "-") != 0 && !is_list(operand, &is)) {
        count(list, operand, strlen(operand));
        target->source = "the command line";
        target->line = list->operand;
        target->text = (hf_span){operand, strlen(operand)};
        return read_operand(operand, target, error) ? BATCH_GOT_HOST : BATCH_GOT_REFUSED;
    }
    list->form = (base_host_list){.heading = list->column};
    if (!base_lines_open(&list->lines, operand, BATCH_TARGET_LINE_MAX, error))
        return BATCH_GOT_FAILED;
    list->reading = true;
    return BATCH_GOT_NONE;
}

batch_got batch_targets_next(batch_targets *list, batch_target *target, base_error *error)
{
    batch_got got = BATCH_GOT_END;

    while (got == BATCH_GOT_END) {
        if (list->reading)
            got = next_line(list, target, error);
        else if (list->operand < list->operands->count)
            got = next_operand(list, target, error);
        else
            return BATCH_GOT_END;
    }
    return got;
}

int batch_targets_descriptor(const batch_targets *list)
{
    return list->reading ? list->lines.fd : -1;
}

bool batch_targets_feed(batch_targets *list, base_error *error)
{
    size_t before = list->lines.end - list->lines.start;
    bool is_fed = base_lines_feed(&list->lines, error);
    size_t held = list->lines.end - list->lines.start;

    list->fed += held > before ? held - before : 0;
    return is_fed;
}

uint64_t batch_targets_given(const batch_targets *list)
{
    size_t held = list->reading ? list->lines.end - list->lines.start : 0;

    return list->fed > held ? list->fed - held : 0;
}
