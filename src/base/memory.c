#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 2048
#define FIRST_CAPACITY 16

struct base_arena_block {
    base_arena_block *next;
    size_t used, size;
    max_align_t bytes[];
};

_Noreturn void base_out_of_memory(void)
{
    fputs("holdfast: out of memory\n", stderr);
    exit(3);
}

void *base_allocate(size_t size)
{
    void *memory = calloc(1, size > 0 ? size : 1);

    if (memory == NULL)
        base_out_of_memory();
    return memory;
}

void base_arena_done(base_arena *arena)
{
    while (arena->blocks != NULL) {
        base_arena_block *next = arena->blocks->next;

        free(arena->blocks);
        arena->blocks = next;
    }
}

static void add_block(base_arena *arena, size_t size)
{
    base_arena_block *block = base_allocate(sizeof *block + size);

    block->size = size;
    block->next = arena->blocks;
    arena->blocks = block;
    arena->taken += sizeof *block + size;
}

void *base_arena_take(base_arena *arena, size_t size)
{
    const size_t unit = sizeof(max_align_t);
    base_arena_block *block;

    size = size > SIZE_MAX - unit ? SIZE_MAX - BLOCK_SIZE : (size + unit - 1) / unit * unit;
    if (arena->blocks == NULL || arena->blocks->size - arena->blocks->used < size)
        add_block(arena, size > BLOCK_SIZE ? size : BLOCK_SIZE);
    block = arena->blocks;
    block->used += size;
    return (char *)block->bytes + block->used - size;
}

static size_t larger(size_t capacity)
{
    return capacity > 0 ? 2 * capacity : FIRST_CAPACITY;
}

void *base_grow(void *items, size_t count, size_t *capacity, size_t size)
{
    void *copy;

    if (count < *capacity)
        return items;
    *capacity = larger(*capacity);
    copy = base_allocate(*capacity * size);
    if (count > 0)
        memcpy(copy, items, count * size);
    free(items);
    return copy;
}

void *base_arena_grow(base_arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    void *copy;

    if (count < *capacity)
        return items;
    *capacity = larger(*capacity);
    copy = base_arena_take(arena, *capacity * size);
    if (count > 0)
        memcpy(copy, items, count * size);
    return copy;
}

char *base_arena_copy(base_arena *arena, const void *bytes, size_t length)
{
    char *copy = base_arena_take(arena, length + 1);

    if (length > 0)
        memcpy(copy, bytes, length);
    return copy;
}

char *base_arena_string(base_arena *arena, const char *string)
{
    return string != NULL ? base_arena_copy(arena, string, strlen(string)) : NULL;
}

char *base_arena_format(base_arena *arena, const char *format, ...)
{
    va_list arguments, again;
    int length;
    char *text;

    va_start(arguments, format);
    va_copy(again, arguments);
    length = vsnprintf(NULL, 0, format, arguments);
    text = base_arena_take(arena, (size_t)(length > 0 ? length : 0) + 1);
    vsnprintf(text, (size_t)(length > 0 ? length : 0) + 1, format, again);
    va_end(again);
    va_end(arguments);
    return text;
}
