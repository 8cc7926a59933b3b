/*
 * What the tests of the store share: an empty folder of their own, removed afterwards, and short words for the usual
 * calls.
 */
#ifndef HF_TESTS_STORE_FOLDER_H
#define HF_TESTS_STORE_FOLDER_H

#include <holdfast/store.h>

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define NOW INT64_C(1800000000)

static char folder[64]; /* absolute */
static char path[128];  /* the store in it */
static size_t damages;  /* how many were told */
static hf_damage_kind last_damage;
static char last_copy[PATH_MAX];

/* The folder `name` in the folder `at`, with all that is in it. */
static inline void remove_folder(int at, const char *name)
{
    int inner = openat(at, name, O_RDONLY | O_DIRECTORY);
    DIR *list = inner >= 0 ? fdopendir(inner) : NULL;
    for (const struct dirent *entry; list != NULL && (entry = readdir(list)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (unlinkat(inner, entry->d_name, 0) != 0)
            remove_folder(inner, entry->d_name);
    }
    if (list != NULL)
        closedir(list);
    unlinkat(at, name, AT_REMOVEDIR);
}

static inline int enter_folder(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%.40s/hf-store-XXXXXX", base != NULL ? base : "/tmp");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/known-hosts", folder);
    damages = 0;
    last_copy[0] = '\0';
    return 0;
}

static inline int leave_folder(void **state)
{
    (void)state;
    remove_folder(AT_FDCWD, folder);
    return 0;
}

static inline void count_damage(void *self, const hf_damage *damage)
{
    (void)self;
    damages++;
    last_damage = damage->kind;
    snprintf(last_copy, sizeof last_copy, "%s", damage->copy != NULL ? damage->copy : "");
}

static inline hf_store_options usual_options(void)
{
    hf_store_options options = hf_store_options_init();
    options.path = path;
    options.damaged = count_damage;
    return options;
}

static inline hf_store *open_with(const hf_store_options *options)
{
    hf_store *store = NULL;
    hf_store_error error = hf_store_error_init();
    hf_status status = hf_store_open(options, &store, &error);
    if (status != HF_OK)
        print_error("%s: %s\n", hf_status_name(status), error.text);
    assert_int_equal(status, HF_OK);
    return store;
}

static inline hf_store *open_store(void)
{
    hf_store_options options = usual_options();
    return open_with(&options);
}

static inline hf_store *open_reader(void)
{
    hf_store_options options = usual_options();
    options.read_only = true;
    return open_with(&options);
}

static inline hf_host host_of(const char *text)
{
    hf_host host;
    assert_int_equal(hf_host_parse(text, strlen(text), NULL, &host, NULL), HF_OK);
    return host;
}

static inline hf_response response_at(int64_t now)
{
    hf_response response = hf_response_init();
    response.now = now;
    response.secure = true;
    return response;
}

static inline hf_status try_note(hf_store *store, const char *name, int64_t max_age, bool include_subdomains)
{
    hf_host host = host_of(name);
    hf_policy policy = {.max_age = max_age, .include_subdomains = include_subdomains};
    hf_response response = response_at(NOW);
    return hf_store_note(store, &host, &policy, &response, NULL, NULL);
}

static inline void note(hf_store *store, const char *name, int64_t max_age, bool include_subdomains)
{
    assert_int_equal(try_note(store, name, max_age, include_subdomains), HF_OK);
}

static const hf_span no_partition = {NULL, 0};

/* The max-age that is kept for this host, -1 if none is. */
static inline int64_t kept(const hf_store *store, const char *name)
{
    hf_host host = host_of(name);
    hf_entry entry = hf_entry_init();
    return hf_store_get(store, &host, no_partition, &entry) ? entry.max_age : -1;
}

static inline bool exists(const char *name)
{
    struct stat status;
    return lstat(name, &status) == 0;
}

static inline off_t size_of(const char *name)
{
    struct stat status;
    assert_int_equal(stat(name, &status), 0);
    return status.st_size;
}

#endif
