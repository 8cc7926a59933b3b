/*
 * holdfast help [COMMAND]: the manual page of this very version, shown by man or mandoc; where neither is installed,
 * what --help says. holdfast help findings: the catalogue; holdfast help FINDING: an entry of it.
 */
#include "base/closest.h"
#include "base/scratch.h"
#include "cmd/command.h"
#include "cmd/manual.h"
#include "report/catalogue.h"

#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const cmd_page *find_page(const char *command)
{
    char name[64];
    const cmd_page *page;

    snprintf(name, sizeof name, "holdfast%s%s", command != NULL ? "-" : "", command != NULL ? command : "");
    for (page = cmd_pages; page->name != NULL; page++) {
        if (strcmp(page->name, name) == 0)
            return page;
    }
    return NULL;
}

/* Runs a viewer that reads the page from its standard input and writes to `out`. False if it is not there, or fails. */
static bool view(char *const *arguments, int page, int out)
{
    posix_spawn_file_actions_t actions;
    pid_t viewer;
    int status = -1;
    bool started;

    if (lseek(page, 0, SEEK_SET) != 0 || posix_spawn_file_actions_init(&actions) != 0)
        return false;
    started = posix_spawn_file_actions_adddup2(&actions, page, STDIN_FILENO) == 0 &&
              posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO) == 0 &&
              posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
              posix_spawnp(&viewer, arguments[0], &actions, NULL, arguments, environ) == 0 &&
              waitpid(viewer, &status, 0) == viewer;
    posix_spawn_file_actions_destroy(&actions);
    return started && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* What fails here main notices, when it flushes. */
static void copy_to_stdout(FILE *file)
{
    char block[4096];
    size_t got;

    rewind(file);
    while ((got = fread(block, 1, sizeof block, file)) > 0)
        fwrite(block, 1, got, stdout);
}

/* A terminal is the viewer's, for its pager. Elsewhere what it shows passes through here: no viewer tells that it could
 * not write. */
static bool show_with(char *const *arguments, FILE *page)
{
    FILE *shown;
    bool viewed;

    if (isatty(STDOUT_FILENO) == 1)
        return view(arguments, fileno(page), STDOUT_FILENO);
    shown = base_scratch_file();
    if (shown == NULL)
        return false;
    viewed = view(arguments, fileno(page), fileno(shown));
    if (viewed)
        copy_to_stdout(shown);
    fclose(shown);
    return viewed;
}

static bool show_page(const cmd_page *page)
{
    static char man[] = "man", local[] = "-l", standard_input[] = "-", mandoc[] = "mandoc", pager[] = "-a";
    char *const with_man[] = {man, local, standard_input, NULL};
    char *const with_mandoc[] = {mandoc, pager, NULL};
    FILE *file = base_scratch_file();
    bool shown;

    if (file == NULL)
        return false;
    shown = fwrite(page->text, 1, page->length, file) == page->length && fflush(file) == 0 && fflush(stdout) == 0 &&
            (show_with(with_man, file) || show_with(with_mandoc, file));
    fclose(file);
    return shown;
}

static int refuse_unknown(const char *name)
{
    base_closest closest = {.word = name};

    base_closest_offer(&closest, "findings");
    for (size_t i = 0; cmd_commands[i] != NULL; i++)
        base_closest_offer(&closest, cmd_commands[i]->name);
    for (rule_id id = 0; id < RULE_COUNT; id++)
        base_closest_offer(&closest, rule_entries[id].name);
    if (closest.found != NULL)
        return cmd_refuse("help: unknown command or finding '%s': did you mean %s?", name, closest.found);
    return cmd_refuse("help: unknown command or finding '%s' (holdfast --help lists commands, holdfast help findings "
                      "lists findings)",
                      BASE_CUT(name));
}

static int show_command(const char *name, const cmd_command *command, base_term *term)
{
    const cmd_page *page = find_page(name);

    if (page != NULL && show_page(page))
        return BASE_EXIT_CLEAN;
    if (command != NULL)
        cmd_print_help(command, term);
    else
        cmd_print_overview(term);
    return BASE_EXIT_CLEAN;
}

static int run(void *storage, const base_operands *names)
{
    const cmd_common *common = storage;
    const char *name = names->count > 0 ? names->items[0] : NULL;
    const cmd_command *command = name != NULL ? cmd_find(name) : NULL;
    const rule_entry *rule = name != NULL ? rule_find_name(name) : NULL;
    base_term term;

    if (names->count > 1)
        return cmd_refuse("help: '%s' is one too many: one COMMAND or FINDING at a time", BASE_CUT(names->items[1]));
    base_term_init(&term, stdout, common->color);
    if (name == NULL || command != NULL)
        return show_command(name, command, &term);
    if (strcmp(name, "findings") == 0)
        report_catalogue(&term);
    else if (rule != NULL)
        report_catalogue_entry(rule, &term);
    else
        return refuse_unknown(name);
    return BASE_EXIT_CLEAN;
}

const cmd_command cmd_help = {
    .name = "help",
    .summary = "show the manual page of a command, or what a finding means",
    .usage = "[COMMAND|FINDING|findings]",
    .settings_size = sizeof(cmd_common),
    .run = run,
};
