/* An empty folder for a test, the current one while it runs, and removed afterwards; and short words for making files
 * in it. */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char scratch[64]; /* absolute */

/* The folder `name` in the folder `at`, with all that is in it. */
static inline void scratch_remove(int at, const char *name)
{
    int inner = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    DIR *list = inner >= 0 ? fdopendir(inner) : NULL;

    for (const struct dirent *entry; list != NULL && (entry = readdir(list)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (unlinkat(inner, entry->d_name, 0) != 0)
            scratch_remove(inner, entry->d_name);
    }
    if (list != NULL)
        closedir(list);
    unlinkat(at, name, AT_REMOVEDIR);
}

static inline int scratch_enter(void **state)
{
    const char *base = getenv("TMPDIR");

    (void)state;
    snprintf(scratch, sizeof scratch, "%.40s/hf-XXXXXX", base != NULL ? base : "/tmp");
    return mkdtemp(scratch) != NULL && chdir(scratch) == 0 ? 0 : -1;
}

static inline int scratch_leave(void **state)
{
    (void)state;
    if (chdir("/") != 0)
        return -1;
    scratch_remove(AT_FDCWD, scratch);
    return 0;
}

static inline void scratch_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* What the file holds, up to 4095 octets; "(none)" when it is not there. */
static inline const char *scratch_text(const char *name)
{
    static char text[4096];
    FILE *file = fopen(name, "r");
    size_t length;

    if (file == NULL)
        return "(none)";
    length = fread(text, 1, sizeof text - 1, file);
    text[length] = '\0';
    fclose(file);
    return text;
}

/* How many names there are in the folder. */
static inline size_t scratch_count(const char *name)
{
    DIR *list = opendir(name);
    size_t count = 0;

    assert_non_null(list);
    for (const struct dirent *entry; (entry = readdir(list)) != NULL;)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(list);
    return count;
}

#endif
