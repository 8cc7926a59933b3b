/*
 * stores/row_frame.h: rows and damaged places on their way between two processes (base/frame.h).
 */
#ifndef STORES_ROW_FRAME_H
#define STORES_ROW_FRAME_H

#include "base/frame.h"
#include "holdfast/formats.h"

#define STORES_HASH_SIZE 32

/* Appends the row as a frame of this kind. `hash`: of a name that is to be resolved; NULL: there is none. */
void stores_row_put(base_buffer *out, int kind, const hf_row *row, const unsigned char *hash);

/*
 * Reads the row back; its spans point into `body`. *hash becomes NULL where there is none. False when that is no row of
 * any store: a name that is not canonical, a value out of range.
 */
bool stores_row_take(const char *body, size_t length, hf_row *row, const unsigned char **hash);

void stores_damage_put(base_buffer *out, int kind, const hf_row_damage *damage);

#define STORES_REASON_MAX 512

/* The same; the reason is copied to `reason`. */
bool stores_damage_take(const char *body, size_t length, char reason[STORES_REASON_MAX], hf_row_damage *damage);

#endif
