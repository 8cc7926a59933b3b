#!/usr/bin/env bash
# Boxes on the way that take a ClientHello for one packet: browsers' is lost there, and a small one gets through.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need python3
need nginx
authority
issue shop shop.test
port=$(free_port)
inner=$port
cat >site.conf <<EOF
server { listen 127.0.0.1:$port ssl; ssl_certificate shop.full; ssl_certificate_key shop.key;
    add_header Strict-Transport-Security max-age=31536000 always; location / { return 200; } }
EOF
nginx_start site.conf
# A server in good order answers both.
expect_exit 0 see shop.test --json
expect_text out '"octets": 1'
expect_no_text out tls-large-hello

# box MODE: reset or drop: what does not fit into one packet ends the connection, or is waited for in vain;
# pieces: the same of a first piece that is not the whole; both: nothing gets through
cat >box.py <<'EOF'
import socket, struct, sys, threading, time

mode, port, inner = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


def pump(a, b):
    try:
        while True:
            piece = a.recv(65536)
            if not piece:
                break
            b.sendall(piece)
    except OSError:
        pass
    try:
        b.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def serve(sock):
    piece = sock.recv(65536 if mode == "pieces" else 1400)
    whole = len(piece) >= 5 and len(piece) >= 5 + struct.unpack(">H", piece[3:5])[0]
    if mode == "both" or not whole:
        if mode == "drop":
            time.sleep(30)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()
        return
    behind = socket.create_connection(("127.0.0.1", inner))
    behind.sendall(piece)
    threading.Thread(target=pump, args=(behind, sock), daemon=True).start()
    pump(sock, behind)


listener = socket.create_server(("127.0.0.1", port), backlog=64)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
EOF
box()
{
    port=$(free_port)
    python3 box.py "$1" "$port" "$inner" &
    servers+=($!)
    wait_for "$port"
}

box reset
expect_exit 1 see shop.test
expect_text out 'error tls-large-hello'
expect_text out 'No visitor gets a page: the connection was reset'
expect_exit 0 see shop.test --depth standard
box pieces
expect_exit 1 see shop.test --json
expect_text out '"split": true'
expect_text out '"id": "tls-large-hello"'
box drop
expect_exit 1 see shop.test --timeout 5 --json
expect_text out '"id": "tls-large-hello"'
expect_text out '"code": "tls-timeout"'
# Where no ClientHello gets through, its size is not the reason.
box both
expect_exit 1 see shop.test
expect_no_text out tls-large-hello
finish
