#include "cmd/hosts.h"

#include "base/host_list.h"
#include "base/json_read.h"
#include "base/lines.h"
#include "base/operand.h"
#include "batch/targets.h"

#include <stdio.h>
#include <string.h>

static bool add(cmd_hosts *hosts, const char *text, size_t length, const char *list, unsigned long long line,
                base_error *error)
{
    if (hosts->count == CMD_HOSTS_MAX) {
        base_error_set(error, "more than %d hosts: holdfast probe and --jsonl take any number", CMD_HOSTS_MAX);
        return false;
    }
    hosts->items = base_arena_grow(&hosts->arena, hosts->items, hosts->count, &hosts->capacity, sizeof *hosts->items);
    hosts->items[hosts->count++] = (cmd_host){base_arena_copy(&hosts->arena, text, length), list, line};
    return true;
}

void cmd_hosts_place(const cmd_host *host, base_error *error)
{
    if (host->list != NULL)
        base_error_wrap(error, "%s: line %llu", host->list, host->line);
}

/* An object becomes HOST:PORT. */
static bool read_object(hf_span text, char name[static BATCH_TARGET_LINE_MAX], base_error *error)
{
    batch_target target;

    if (!batch_target_read(text.data, text.length, &target, error))
        return false;
    if (target.port == 443)
        snprintf(name, BATCH_TARGET_LINE_MAX, "%s", target.host.name);
    else
        snprintf(name, BATCH_TARGET_LINE_MAX, target.host.kind == HF_HOST_IPV6 ? "[%s]:%d" : "%s:%d", target.host.name,
                 target.port);
    return true;
}

static bool add_line(cmd_hosts *hosts, const base_lines *lines, hf_span text, base_error *error)
{
    const cmd_host place = {.list = lines->name, .line = lines->number};
    static char name[BATCH_TARGET_LINE_MAX];
    size_t length;
    bool good = true;

    if (memchr(text.data, '\0', text.length) != NULL) {
        base_error_set(error, "a NUL in the line");
        good = false;
    } else if (text.length > 0 && *text.data == '"') {
        good = base_json_read_text(text.data, text.length, name, sizeof name, &length, error);
        text = (hf_span){name, good ? length : 0};
    } else if (text.length > 0 && *text.data == '{') {
        good = read_object(text, name, error);
        text = (hf_span){name, good ? strlen(name) : 0};
    }
    if (good && add(hosts, text.data, text.length, lines->name, lines->number, error))
        return true;
    cmd_hosts_place(&place, error);
    return false;
}

bool cmd_hosts_read_list(cmd_hosts *hosts, const char *path, const char *column, base_error *error)
{
    base_host_list list = {.heading = column};
    base_lines lines;
    base_line got = BASE_LINE_GOOD;
    hf_span line, text;
    bool good = true;

    if (!base_lines_open(&lines, path, BATCH_TARGET_LINE_MAX, error))
        return false;
    while (good && (got = base_lines_next(&lines, &line, error)) == BASE_LINE_GOOD) {
        base_listed listed = base_host_list_line(&list, line, &text, error);

        if (listed == BASE_LISTED_WRONG)
            base_error_wrap(error, "%s: line %llu", lines.name, (unsigned long long)lines.number);
        good = listed == BASE_LISTED_NOTHING || (listed == BASE_LISTED_ONE && add_line(hosts, &lines, text, error));
    }
    base_lines_close(&lines);
    return good && got == BASE_LINE_END;
}

bool cmd_hosts_read(cmd_hosts *hosts, const base_operands *operands, const char *column, base_error *error)
{
    for (size_t i = 0; i < operands->count; i++) {
        const char *operand = operands->items[i];

        if (batch_targets_is_list(operand) ? !cmd_hosts_read_list(hosts, operand, column, error)
                                           : !base_operand_is_no_file(operand, BASE_OPERAND_LISTS, error) ||
                                                 !add(hosts, operand, strlen(operand), NULL, 0, error))
            return false;
    }
    if (hosts->count == 0)
        base_error_set(error, "the lists name no host");
    return hosts->count > 0;
}

bool cmd_hosts_names(cmd_hosts *hosts, const base_operands *operands, const char *column, base_operands *names,
                     base_error *error)
{
    char **items;

    if (!cmd_hosts_read(hosts, operands, column, error))
        return false;
    items = base_arena_take(&hosts->arena, hosts->count * sizeof *items);
    for (size_t i = 0; i < hosts->count; i++) {
        const cmd_host *host = &hosts->items[i];
        batch_target target;

        if (host->list != NULL && !batch_target_read(host->text, strlen(host->text), &target, error)) {
            cmd_hosts_place(host, error);
            return false;
        }
        items[i] = base_arena_string(&hosts->arena, host->list != NULL ? target.host.name : host->text);
    }
    *names = (base_operands){items, hosts->count};
    return true;
}

void cmd_hosts_done(cmd_hosts *hosts)
{
    base_arena_done(&hosts->arena);
}

bool cmd_hosts_are_foreign(const base_operands *operands, const http_transport_options *wire)
{
    for (size_t i = 0; i < operands->count; i++)
        if (batch_targets_is_list(operands->items[i]))
            return wire->dns_servers == NULL;
    return false;
}
