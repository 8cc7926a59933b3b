#include "serve/visitors.h"

bool serve_visitors_let_in(serve_visitors *all, serve_visitor *visitor, io_stream *stream,
                           void (*time_over)(void *visitor))
{
    if (all->count == all->max) {
        io_stream_close(stream);
        return false;
    }
    all->count++;
    visitor->all = all;
    visitor->stream = stream;
    visitor->timer = io_timer_new(stream->loop, time_over, visitor);
    visitor->next = all->first;
    visitor->at = &all->first;
    if (visitor->next != NULL)
        visitor->next->at = &visitor->next;
    all->first = visitor;
    return true;
}

void serve_visitors_forget(serve_visitor *visitor)
{
    visitor->all->count--;
    *visitor->at = visitor->next;
    if (visitor->next != NULL)
        visitor->next->at = visitor->at;
    io_timer_free(visitor->timer);
}
