#include "base/options.h"

#include "base/closest.h"
#include "base/term.h"
#include "base/time.h"

#include <string.h>

typedef struct parser {
    const base_option *table;
    char *settings;
    char **argv;
    int argc;
    int at; /* the next argument */
    base_error *error;
} parser;

static const base_option *find_name(const parser *p, const char *name, size_t length)
{
    const base_option *option;

    for (option = p->table; option->name != NULL; option++) {
        if (strlen(option->name) == length && memcmp(option->name, name, length) == 0)
            return option;
    }
    return NULL;
}

static const base_option *find_letter(const parser *p, char letter)
{
    const base_option *option;

    for (option = p->table; option->name != NULL; option++) {
        if (option->letter == letter)
            return option;
    }
    return NULL;
}

static bool refuse_unknown(const parser *p, const char *name, size_t length)
{
    char word[BASE_CUT_MAX + 1]; /* so much is enough to see that more must be cut */
    base_closest closest = {.word = word};
    const base_option *option;

    snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : sizeof word - 1), name);
    for (option = p->table; option->name != NULL; option++)
        base_closest_offer(&closest, option->name);
    if (closest.found != NULL)
        base_error_set(p->error, "unknown option --%s: did you mean --%s?", word, closest.found);
    else
        base_error_set(p->error, "unknown option --%s", BASE_CUT(word));
    return false;
}

static bool set_flag(const parser *p, const base_option *option)
{
    *(bool *)(void *)(p->settings + option->offset) = true;
    return true;
}

/* The VALUE is `attached` if there is one, else the next argument. */
static bool set_value(parser *p, const base_option *option, const char *attached)
{
    const char *value = attached;

    if (value == NULL) {
        if (p->at == p->argc) {
            base_error_set(p->error, "--%s needs a value: --%s %s", option->name, option->name, option->value);
            return false;
        }
        value = p->argv[p->at++];
    }
    if (option->read(value, p->settings + option->offset, p->error))
        return true;
    base_error_wrap(p->error, "--%s", option->name);
    return false;
}

static bool parse_long(parser *p, const char *name)
{
    size_t length = strcspn(name, "=");
    const char *attached = name[length] == '=' ? name + length + 1 : NULL;
    const base_option *option = find_name(p, name, length);

    if (option == NULL)
        return refuse_unknown(p, name, length);
    if (option->value != NULL)
        return set_value(p, option, attached);
    if (attached != NULL) {
        base_error_set(p->error, "--%s takes no value", option->name);
        return false;
    }
    return set_flag(p, option);
}

static bool parse_letters(parser *p, const char *letters)
{
    for (; *letters != '\0'; letters++) {
        const base_option *option = find_letter(p, *letters);
        if (option == NULL) {
            base_error_set(p->error, "unknown option -%s", BASE_CUT(letters));
            return false;
        }
        if (option->value != NULL)
            return set_value(p, option, letters[1] != '\0' ? letters + 1 : NULL);
        set_flag(p, option);
    }
    return true;
}

bool base_options_parse(const base_option *table, int argc, char **argv, void *settings, base_operands *operands,
                        base_error *error)
{
    parser p = {.table = table, .settings = settings, .argv = argv, .argc = argc, .error = error};
    bool options_over = false;

    *operands = (base_operands){argv, 0};
    while (p.at < argc) {
        char *argument = argv[p.at++];
        if (options_over || argument[0] != '-' || argument[1] == '\0') {
            argv[operands->count++] = argument;
        } else if (strcmp(argument, "--") == 0) {
            options_over = true;
        } else if (!(argument[1] == '-' ? parse_long(&p, argument + 2) : parse_letters(&p, argument + 1))) {
            return false;
        }
    }
    return true;
}

bool base_read_text(const char *text, void *target, base_error *error)
{
    (void)error;
    *(const char **)target = text;
    return true;
}

bool base_read_texts(const char *text, void *target, base_error *error)
{
    base_texts *texts = target;

    if (texts->count == BASE_TEXTS_MAX) {
        base_error_set(error, "given more than %d times", BASE_TEXTS_MAX);
        return false;
    }
    texts->items[texts->count++] = text;
    return true;
}

bool base_read_time(const char *text, void *target, base_error *error)
{
    return base_time_parse(text, target, error);
}

bool base_read_duration(const char *text, void *target, base_error *error)
{
    return base_duration_parse(text, target, error);
}

bool base_read_color(const char *text, void *target, base_error *error)
{
    return base_color_parse(text, target, error);
}
