/*
 * config/patch.h: the edits of findings, applied to the text of files, and shown as a unified diff. Pure.
 *
 * A finding is mended whole or not at all: where one of its edits overlaps an edit of an earlier finding, it is left
 * for the next run, which sees what the first one made. The same edit of two findings is made once.
 */
#ifndef CONFIG_PATCH_H
#define CONFIG_PATCH_H

#include "base/buffer.h"
#include "config/lint.h"

/* What one file becomes. */
typedef struct config_patch {
    config_file *file;
    config_edit *edits; /* in order; none overlaps another */
    size_t count, capacity;
    size_t mended; /* findings with an edit in this file */
    size_t last;   /* the number of the last one of them */
} config_patch;

typedef struct config_patches {
    config_patch *items;
    size_t count, capacity;
    size_t mended; /* findings whose edits are made */
    size_t left;   /* findings that are left for the next run */
} config_patches;

/* Of a lint that is finished. Everything lies in the arena of the estate. */
void config_patches_make(const config_lint *lint, config_patches *patches);

/* The whole text of the file with its edits. */
void config_patch_text(const config_patch *patch, base_buffer *out);
/* The unified diff, for patch -p0: three lines of context, names as GNU diff writes them. Nothing, if the edits change
 * nothing. */
void config_patch_diff(const config_patch *patch, base_buffer *out);

#endif
