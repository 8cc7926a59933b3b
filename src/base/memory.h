/*
 * base/memory.h: memory for the tools. A tool that cannot get a few KiB cannot go on, so these never return NULL: they
 * end the program with one line and exit code 3. The engine does not use them.
 *
 * An arena is for what lives and dies together, such as all that was learned about one host: taken piece by piece,
 * given back at once.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* For whoever finds by another way that there is no memory left. */
_Noreturn void base_out_of_memory(void);

/* `size` octets, all zero; give them back with free(). */
void *base_allocate(size_t size);

/*
 * Room for one more: `items`, an array of `count` pieces of `size` octets, as it is or, where *capacity is used up, as
 * a larger copy; the old one is freed. NULL with a capacity of 0 is an empty array.
 */
void *base_grow(void *items, size_t count, size_t *capacity, size_t size);

typedef struct base_arena_block base_arena_block;

typedef struct base_arena {
    base_arena_block *blocks;
    size_t taken; /* octets of all blocks */
} base_arena;

/* An arena that is all zero is empty and ready for use. */
void base_arena_done(base_arena *arena);
/* `size` octets, all zero, aligned for any type. */
void *base_arena_take(base_arena *arena, size_t size);
/* As base_grow; the old array stays in the arena. */
void *base_arena_grow(base_arena *arena, void *items, size_t count, size_t *capacity, size_t size);
/* A copy of `length` octets with a NUL behind. */
char *base_arena_copy(base_arena *arena, const void *bytes, size_t length);
/* A copy of a string; NULL stays NULL. */
char *base_arena_string(base_arena *arena, const char *string);
/* As sprintf would write it. */
char *base_arena_format(base_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
