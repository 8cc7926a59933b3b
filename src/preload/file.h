/*
 * preload/file.h: the images of this machine: opened, and found where they are kept.
 *
 * An image is read, not mapped: half a megabyte is read in no time, and who cuts the file meanwhile harms nobody.
 */
#ifndef PRELOAD_FILE_H
#define PRELOAD_FILE_H

#include "base/buffer.h"
#include "holdfast/preload.h"

/* symbol, the name of its file, its browsers */
#define PRELOAD_WHICH_MAP(X)                                                                                           \
    X(CHROMIUM, "chromium", "Chromium")                                                                                \
    X(FIREFOX, "firefox", "Firefox")

typedef enum preload_which {
#define PRELOAD_X(symbol, name, title) PRELOAD_##symbol,
    PRELOAD_WHICH_MAP(PRELOAD_X)
#undef PRELOAD_X
        PRELOAD_WHICHES
} preload_which;

const char *preload_which_name(preload_which which);
const char *preload_which_title(preload_which which);

#define PRELOAD_PATH_MAX 4096

/* All zero: none. */
typedef struct preload_file {
    char path[PRELOAD_PATH_MAX];
    base_buffer bytes;
    hf_preload_image *image;
    hf_preload preload; /* asks the image */
} preload_file;

bool preload_file_open(preload_file *file, const char *path, base_error *error);
void preload_file_close(preload_file *file);

/*
 * Opens the image of a browser's list: $XDG_DATA_HOME/holdfast/preload/NAME.img, else
 * /var/lib/holdfast/preload/NAME.img. True and file->image NULL: there is none. False with the reason: there is one,
 * and it cannot be used.
 */
bool preload_file_find(preload_file *file, preload_which which, base_error *error);

/* Where this user's image is kept. False: neither XDG_DATA_HOME nor HOME is set. */
bool preload_file_path(preload_which which, char path[PRELOAD_PATH_MAX]);

#endif
