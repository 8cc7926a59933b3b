#include "stores/match.h"

#include "base/listing.h"

#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define NAMES_MAX 65536 /* of one folder: nobody has so many profiles */

typedef struct matching {
    const base_folder *folder;
    const stores_matcher *matcher;
    char path[PATH_MAX]; /* what fits so far */
    size_t length;
} matching;

static void go_on(matching *m, const char *pattern);

/* False if the path would be too long: no program could have made it. */
static bool add(matching *m, const char *name, size_t length)
{
    size_t slash = m->length > 0 ? 1 : 0;

    if (m->length + slash + length >= sizeof m->path)
        return false;
    if (slash > 0)
        m->path[m->length] = '/';
    memcpy(m->path + m->length + slash, name, length);
    m->length += slash + length;
    m->path[m->length] = '\0';
    return true;
}

static void cut(matching *m, size_t length)
{
    m->length = length;
    m->path[length] = '\0';
}

static void try_names(matching *m, const char *component, const char *rest)
{
    const stores_matcher *matcher = m->matcher;
    base_listing listing;
    size_t before = m->length;

    if (!base_listing_read(&listing, m->folder, m->length > 0 ? m->path : ".", NAMES_MAX)) {
        if (errno != ENOENT && errno != ENOTDIR)
            matcher->passed(matcher->self, m->path, errno);
        return;
    }
    if (listing.cut)
        matcher->passed(matcher->self, m->path, 0);
    for (size_t i = 0; i < listing.count; i++) {
        if (fnmatch(component, listing.names[i], FNM_PERIOD) == 0 && add(m, listing.names[i], strlen(listing.names[i])))
            go_on(m, rest);
        cut(m, before);
    }
    base_listing_done(&listing);
}

static void go_on(matching *m, const char *pattern)
{
    char component[NAME_MAX + 1];
    size_t length, before = m->length;

    pattern += strspn(pattern, "/");
    length = strcspn(pattern, "/");
    if (length == 0) {
        m->matcher->found(m->matcher->self, m->path);
        return;
    }
    if (length >= sizeof component)
        return;
    snprintf(component, sizeof component, "%.*s", (int)length, pattern);
    if (strchr(component, '*') != NULL)
        try_names(m, component, pattern + length);
    else if (add(m, component, length))
        go_on(m, pattern + length);
    cut(m, before);
}

void stores_match(const base_folder *folder, const char *pattern, const stores_matcher *matcher)
{
    matching m = {.folder = folder, .matcher = matcher};

    go_on(&m, pattern);
}
