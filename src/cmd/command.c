#include "cmd/command.h"

#include "base/closest.h"
#include "base/memory.h"
#include "base/table.h"
#include "base/time.h"
#include "holdfast/status.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A moment that every output can write, and from which a span of years does not leave 64 bits. */
static bool read_at(const char *text, void *target, base_error *error)
{
    int64_t at;

    if (!base_read_time(text, &at, error))
        return false;
    if (at < BASE_TIME_FIRST || at > BASE_TIME_LAST) {
        base_error_set(error, "the time is outside the years 0000 to 9999");
        return false;
    }
    *(int64_t *)target = at;
    return true;
}

/* In the order of the CMD_ bits. */
static const base_option common_options[] = {
    {"json", 0, NULL, "print one JSON document", NULL, offsetof(cmd_common, json)},
    {"jsonl", 0, "FILE", "read a JSON string a line from FILE (-: standard input), print a JSON document a line",
     base_read_text, offsetof(cmd_common, jsonl)},
    {"at", 0, "TIME", "pretend it is TIME: RFC 3339 or Unix seconds", read_at, offsetof(cmd_common, at)},
    {"quiet", 'q', NULL, "print the answer alone", NULL, offsetof(cmd_common, quiet)},
    {"verbose", 'v', NULL, "print more about how the answer came about", NULL, offsetof(cmd_common, verbose)},
    {"color", 0, "WHEN", "auto (the default), always or never", base_read_color, offsetof(cmd_common, color)},
    {"help", 'h', NULL, "print this help", NULL, offsetof(cmd_common, help)},
};

const cmd_command *cmd_find(const char *name)
{
    size_t i;

    for (i = 0; cmd_commands[i] != NULL; i++) {
        if (strcmp(cmd_commands[i]->name, name) == 0)
            return cmd_commands[i];
    }
    return NULL;
}

static bool has_option(const base_option *table, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(table[i].name, name) == 0)
            return true;
    }
    return false;
}

/* Parts share options: each once. */
static size_t add_own_options(const cmd_command *command, base_option *table, size_t count)
{
    for (const base_option *option = command->options; option != NULL && option->name != NULL; option++) {
        assert(count < CMD_OPTIONS_MAX);
        if (!has_option(table, count, option->name))
            table[count++] = *option;
    }
    return count;
}

void cmd_options(const cmd_command *command, base_option *table)
{
    unsigned wanted = command->common | CMD_COLOR | CMD_HELP;
    size_t count = add_own_options(command, table, 0);

    for (size_t i = 0; command->parts != NULL && command->parts[i] != NULL; i++) {
        count = add_own_options(command->parts[i], table, count);
        wanted |= command->parts[i]->common;
    }
    for (size_t i = 0; i < sizeof common_options / sizeof common_options[0]; i++) {
        if (wanted & 1u << i)
            table[count++] = common_options[i];
    }
    assert(count < CMD_OPTIONS_MAX);
    table[count] = (base_option){0};
}

static int run_part(const cmd_command *command, int argc, char **argv)
{
    base_closest closest = {.word = argc > 0 ? argv[0] : ""};
    base_term term;

    if (argc == 0)
        return cmd_refuse("%s: what? holdfast %s %s (holdfast %s --help)", command->name, command->name, command->usage,
                          command->name);
    if (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0) {
        base_term_init(&term, stdout, BASE_COLOR_AUTO);
        cmd_print_help(command, &term);
        return BASE_EXIT_CLEAN;
    }
    for (size_t i = 0; command->parts[i] != NULL; i++) {
        const char *name = strchr(command->parts[i]->name, ' ') + 1;
        if (strcmp(argv[0], name) == 0)
            return cmd_run(command->parts[i], argc - 1, argv + 1);
        base_closest_offer(&closest, name);
    }
    if (closest.found != NULL)
        return cmd_refuse("%s: unknown command '%s': did you mean %s?", command->name, argv[0], closest.found);
    return cmd_refuse("%s: unknown command '%s' (holdfast %s --help lists them)", command->name, argv[0],
                      command->name);
}

static int run_itself(const cmd_command *command, int argc, char **argv)
{
    base_option table[CMD_OPTIONS_MAX];
    cmd_common *settings = base_allocate(command->settings_size);
    base_operands operands;
    base_error error;
    base_term term;
    int code;

    if (command->defaults != NULL)
        memcpy(settings, command->defaults, command->settings_size);
    settings->at = HF_TIME_UNKNOWN;
    cmd_options(command, table);
    if (!base_options_parse(table, argc, argv, settings, &operands, &error)) {
        code = cmd_refuse("%s: %s (holdfast %s --help)", command->name, error.text, command->name);
    } else if (settings->help) {
        base_term_init(&term, stdout, settings->color);
        cmd_print_help(command, &term);
        code = BASE_EXIT_CLEAN;
    } else {
        code = command->run(settings, &operands);
    }
    free(settings);
    return code;
}

int cmd_run(const cmd_command *command, int argc, char **argv)
{
    return command->parts != NULL ? run_part(command, argc, argv) : run_itself(command, argc, argv);
}

static void add_option(base_table *rows, const base_option *option)
{
    char name[64];

    snprintf(name, sizeof name, "%c%c%c --%s%s%s", option->letter ? '-' : ' ', option->letter ? option->letter : ' ',
             option->letter ? ',' : ' ', option->name, option->value != NULL ? " " : "",
             option->value != NULL ? option->value : "");
    base_table_add(rows, BASE_STYLE_BOLD, name);
    base_table_add(rows, BASE_STYLE_PLAIN, option->text);
}

static void print_parts(const cmd_command *command, base_term *term)
{
    base_table rows;

    base_table_init(&rows, 2);
    for (size_t i = 0; command->parts[i] != NULL; i++) {
        base_table_add(&rows, BASE_STYLE_BOLD, strchr(command->parts[i]->name, ' ') + 1);
        base_table_add(&rows, BASE_STYLE_PLAIN, command->parts[i]->summary);
    }
    base_table_print(&rows, term, 2);
    base_table_done(&rows);
    base_term_gap(term);
}

void cmd_print_help(const cmd_command *command, base_term *term)
{
    base_option table[CMD_OPTIONS_MAX];
    base_table rows;
    size_t i;

    cmd_options(command, table);
    base_term_print(term, BASE_STYLE_BOLD, "holdfast %s", command->name);
    base_term_line(term, BASE_STYLE_PLAIN, ": %s", command->summary);
    base_term_line(term, BASE_STYLE_PLAIN, "usage: holdfast %s %s", command->name, command->usage);
    base_term_gap(term);
    if (command->parts != NULL)
        print_parts(command, term);
    base_table_init(&rows, 2);
    for (i = 0; table[i].name != NULL; i++)
        add_option(&rows, &table[i]);
    base_table_print(&rows, term, 2);
    base_table_done(&rows);
    base_term_gap(term);
    base_term_line(term, BASE_STYLE_DIM, "The manual, with examples: holdfast help %.*s",
                   (int)strcspn(command->name, " "), command->name);
}

void cmd_print_overview(base_term *term)
{
    base_table rows;
    size_t i;

    base_term_print(term, BASE_STYLE_BOLD, "holdfast");
    base_term_line(term, BASE_STYLE_PLAIN, " %s: HSTS (RFC 6797), complete", hf_version());
    base_term_line(term, BASE_STYLE_PLAIN, "usage: holdfast COMMAND [options] [arguments]");
    base_term_gap(term);
    base_table_init(&rows, 2);
    for (i = 0; cmd_commands[i] != NULL; i++) {
        base_table_add(&rows, BASE_STYLE_BOLD, cmd_commands[i]->name);
        base_table_add(&rows, BASE_STYLE_PLAIN, cmd_commands[i]->summary);
    }
    base_table_print(&rows, term, 2);
    base_table_done(&rows);
    base_term_gap(term);
    base_term_line(term, BASE_STYLE_DIM, "holdfast COMMAND --help: its options; holdfast help COMMAND: its manual");
}

int64_t cmd_now(const cmd_common *common)
{
    return common->at != HF_TIME_UNKNOWN ? common->at : (int64_t)time(NULL);
}

int cmd_refuse(const char *format, ...)
{
    base_error error;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(error.text, sizeof error.text, format, arguments);
    va_end(arguments);
    base_error_print(&error, stderr);
    return BASE_EXIT_USAGE;
}
