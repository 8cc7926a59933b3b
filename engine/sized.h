/*
 * Structs that begin with their size: how a caller and a library of different ages read and write each other's.
 */
#ifndef HF_ENGINE_SIZED_H
#define HF_ENGINE_SIZED_H

#include <stddef.h>
#include <string.h>

/* Takes in a caller's struct: members that an older caller does not have become 0. `size` is that of ours. */
static inline void hf__sized_read(void *ours, size_t size, const void *theirs, size_t their_size)
{
    memset(ours, 0, size);
    memcpy(ours, theirs, their_size < size ? their_size : size);
}

/* Gives a caller what its struct has room for, and leaves its size as it set it. */
static inline void hf__sized_write(void *theirs, size_t their_size, const void *ours, size_t size)
{
    size_t common = their_size < size ? their_size : size;
    if (common > sizeof(size_t))
        memcpy((char *)theirs + sizeof(size_t), (const char *)ours + sizeof(size_t), common - sizeof(size_t));
}

#endif
