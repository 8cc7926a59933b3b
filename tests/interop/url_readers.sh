#!/usr/bin/env bash
# One URL, one host: what the engine writes, upgraded or not, is read alike by the engine, Node's WHATWG reader,
# Chromium, libcurl and Python, or refused. URLs are made from a seed, always the same one unless URL_SEED=N
# asks for another, URL_COUNT of them.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need node
need python3
readers=$SOURCE_DIR/tests/interop
seed=${URL_SEED:-2026}
count=${URL_COUNT:-20000}

printf '%s max-age=9; includeSubDomains\n' known.test xn--bcher-kva.test >known
expect_exit 0 python3 "$readers/url_make.py" "$seed" "$count"
cp "$TEST_DIR/.out" urls
"$HOLDFAST" decide --known known --no-preload --jsonl urls >answers 2>decide.err
expect_equal "$count" "$(wc -l <answers)" 'answers'
python3 "$readers/url_requests.py" <answers >requests

# Each reader is asked once for all.
node "$readers/url_node.js" <urls >urls.node
node "$readers/url_node.js" <requests >requests.node
for peer in python curl; do
    python3 "$readers/url_peers.py" $peer <urls >urls.$peer || skip 'libcurl is not installed'
    python3 "$readers/url_peers.py" $peer <requests >requests.$peer
done

# Chromium's reader, in one page.
peers=(requests.node requests.python requests.curl)
if command -v chromium >/dev/null; then
    for texts in urls requests; do
        python3 "$readers/url_chromium.py" page <"$texts" >"$texts.html"
        timeout 120 chromium --headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
            --user-data-dir="$PWD/profile" --no-proxy-server --dump-dom "file://$PWD/$texts.html" 2>chromium.err |
            python3 "$readers/url_chromium.py" hosts >"$texts.chromium"
        expect_equal "$count" "$(wc -l <"$texts.chromium")" "hosts that Chromium reads in $texts"
    done
    peers+=(urls.chromium requests.chromium)
else
    excuse 'chromium is not installed'
fi

expect_exit 0 python3 "$readers/url_compare.py" answers urls.node "${peers[@]}"
printf '%s\n' "seed $seed" "$out"
# The texts themselves they read otherwise: if they did not, nothing would have been tried.
expect_exit 1 python3 "$readers/url_compare.py" answers urls.python
expect_exit 1 python3 "$readers/url_compare.py" answers urls.curl
finish
