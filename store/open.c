/*
 * Opening, closing, and looking whether others changed the file.
 */
#include "holdfast/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "engine/sized.h"
#include "store.h"

static hf_status make_rules(hf_store *store, hf_store_error *error)
{
    hf_hosts_options options = hf_hosts_options_init();

    options.enforce_localhost = store->options.enforce_localhost;
    hf_status status = hf_hosts_new(&options, &store->scratch);
    return status == HF_OK ? HF_OK : hf__fail(error, status, 0, "%s", hf_status_text(status));
}

/* A store that may write makes its file now, so that what stands in the way is said now; and mends it. */
static hf_status open_file(hf_store *store, hf_store_error *error)
{
    hf_status status = hf__place_open(store, error);

    store->options.path = NULL; /* the caller's; the store has its own by now */
    if (status == HF_OK)
        status = hf__load(store, error);
    if (status != HF_OK || store->options.read_only || (store->image.file >= 0 && !store->image.needs_rewrite))
        return status;
    status = hf__write_begin(store, error);
    if (status != HF_OK)
        return status;
    hf__rewrite_if_due(store, INT64_MIN);
    hf__write_end(store);
    return HF_OK;
}

hf_status hf__store_open(const hf_store_options *options, const hf__io *io, hf_store **store, hf_store_error *error)
{
    if (options == NULL || options->size == 0 || store == NULL)
        return hf__fail(error, HF_E_ARGUMENT, 0, "%s", hf_status_text(HF_E_ARGUMENT));
    hf_store *made = calloc(1, sizeof *made);
    if (made == NULL)
        return hf__fail(error, HF_E_MEMORY, 0, "%s", hf_status_text(HF_E_MEMORY));
    hf__sized_read(&made->options, sizeof made->options, options, options->size);
    made->io = io;
    made->folder = -1;
    hf__image_init(&made->image);
    if (made->options.limit == 0)
        made->options.limit = HF_HOSTS_LIMIT_DEFAULT;
    if (made->options.lock_wait == 0)
        made->options.lock_wait = HF_STORE_LOCK_WAIT_DEFAULT;
    hf_status status = made->options.path != NULL && made->options.path[0] != '\0'
                           ? make_rules(made, error)
                           : hf__fail(error, HF_E_ARGUMENT, 0, "a store needs a path");
    if (status == HF_OK)
        status = open_file(made, error);
    if (status == HF_OK)
        *store = made;
    else
        hf_store_close(made);
    return status;
}

hf_status hf_store_open(const hf_store_options *options, hf_store **store, hf_store_error *error)
{
    return hf__store_open(options, &hf__io_posix, store, error);
}

void hf_store_close(hf_store *store)
{
    if (store == NULL)
        return;
    hf__image_done(&store->image, store->io);
    if (store->folder >= 0)
        store->io->close(store->folder);
    hf_hosts_free(store->scratch);
    free(store->path);
    free(store);
}

const char *hf_store_path(const hf_store *store)
{
    return store->path;
}

/* -- Looking again ------------------------------------------------------------------------------------------------- */

typedef enum news {
    NEWS_NONE,
    NEWS_ROWS, /* rows were added */
    NEWS_FILE, /* another file, none at all where there was one, or this one was cut short: all is to be read */
} news;

static news look(const hf_store *store, uint64_t *size)
{
    struct stat status;
    bool is_open = store->image.file >= 0;

    if (store->folder < 0)
        return NEWS_FILE;
    if (store->io->fstatat(store->folder, store->name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return is_open || errno != ENOENT ? NEWS_FILE : NEWS_NONE;
    *size = (uint64_t)status.st_size;
    if (!is_open || status.st_dev != store->image.device || status.st_ino != store->image.inode ||
        *size < store->image.end || *size > hf__place_size_max(store))
        return NEWS_FILE;
    return *size > store->image.end ? NEWS_ROWS : NEWS_NONE;
}

hf_status hf_store_refresh(hf_store *store, bool *changed, hf_store_error *error)
{
    uint64_t size = 0, end = store->image.end;
    ino_t inode = store->image.inode;
    hf_status status = HF_OK;

    switch (look(store, &size)) {
    case NEWS_NONE:
        break;
    case NEWS_ROWS:
        status = hf__load_news(store, &store->image, size, error);
        break;
    case NEWS_FILE:
        status = hf__load(store, error);
        break;
    }
    if (status == HF_OK && changed != NULL)
        *changed = store->image.end != end || store->image.inode != inode;
    return status;
}
