#!/usr/bin/env bash
# Makes certificates for trying out TLS: a CA, a broker's and a client's, for 365 days.
#
#   scripts/generate-tls-certs.sh [--force] [--host NAME]... [FOLDER]      FOLDER is tls-certs
#
# The password of the stores is $KAFKA_TLS_PASSWORD, or kafkatest123: for tests, not for production.
# It is handed on in the environment, so that no list of processes shows it.

set -euo pipefail
umask 077

readonly DAYS=365
readonly SIGNED=(broker client)
readonly PEM=(ca-cert.pem ca-key.pem broker-cert.pem broker-key.pem client-cert.pem client-key.pem)
# The broker's image reads the passwords of key, key store and trust store from files of this kind.
readonly CREDENTIALS=creds

export KAFKA_TLS_PASSWORD="${KAFKA_TLS_PASSWORD:-kafkatest123}"
folder=tls-certs
force=no
hosts=(localhost kafka)

fail() {
    echo "generate-tls-certs.sh: $*" >&2
    exit 1
}

read_arguments() {
    local named=no
    while [ $# -gt 0 ]; do
        case "$1" in
            --force) force=yes ;;
            --host)
                [ $# -gt 1 ] || fail "--host wants a name, such as --host broker-1"
                case "$2" in
                    '' | *[!A-Za-z0-9.*-]*)
                        fail "--host wants a name or an IPv4 address, and $2 is not one"
                        ;;
                esac
                hosts+=("$2")
                shift
                ;;
            -h | --help)
                sed -n '2,7s/^# \{0,1\}//p' "$0"
                exit 0
                ;;
            -*) fail "there is no option $1; there are --force, --host NAME and --help" ;;
            *)
                [ "$named" = no ] || fail "one folder at a time: $folder or $1?"
                folder=$1
                named=yes
                ;;
        esac
        shift
    done
}

# HOST IP_WORD: a host as openssl writes it among the alternative names.
alternative() {
    case "$1" in
        *[!0-9.]*) echo "DNS:$1" ;;
        *) echo "$2:$1" ;;
    esac
}

has_keytool() {
    # On macOS a keytool without Java is there and only asks for one.
    keytool -help > /dev/null 2>&1
}

wanted_files() {
    local name
    printf '%s\n' "${PEM[@]}" "$CREDENTIALS"
    for name in "${SIGNED[@]}"; do
        printf '%s\n' "kafka.$name.keystore.p12"
        if has_keytool; then
            printf '%s\n' "kafka.$name.keystore.jks" "kafka.$name.truststore.p12" \
                "kafka.$name.truststore.jks"
        fi
    done
}

# What keeps the certificates that are there from being used as they are; empty if nothing does.
what_is_wrong() {
    local file name
    while read -r file; do
        [ -f "$folder/$file" ] || { echo "$file is missing"; return; }
    done < <(wanted_files)
    for name in "${SIGNED[@]}"; do
        openssl verify -CAfile "$folder/ca-cert.pem" "$folder/$name-cert.pem" > /dev/null 2>&1 ||
            { echo "$name-cert.pem is not valid for ca-cert.pem, or has expired"; return; }
    done
    openssl pkcs12 -in "$folder/kafka.broker.keystore.p12" -passin env:KAFKA_TLS_PASSWORD -nokeys \
        > /dev/null 2>&1 || echo "the stores have another password than \$KAFKA_TLS_PASSWORD"
    for name in "${hosts[@]}"; do
        openssl x509 -in "$folder/broker-cert.pem" -noout -text | tr -d ' ' | tr ',' '\n' |
            grep -x -F "$(alternative "$name" IPAddress)" > /dev/null ||
            { echo "broker-cert.pem is not for the host $name"; return; }
    done
}

anything_there() {
    local file
    for file in "${PEM[@]}" "$CREDENTIALS" "$folder"/kafka.*.p12 "$folder"/kafka.*.jks; do
        file=$(basename "$file")
        if [ -e "$folder/$file" ]; then
            return 0
        fi
    done
    return 1
}

quietly() {
    # openssl and keytool write their progress on stderr: it is shown only when something is wrong.
    local said
    said=$("$@" 2>&1) || fail "$1 $2 failed: $said"
}

make_ca() {
    cat > ca.cnf << END
[req]
distinguished_name = name
x509_extensions = ca
prompt = no
[name]
CN = gatlingpy test CA
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
END
    quietly openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out ca-key.pem
    quietly openssl req -x509 -new -sha256 -key ca-key.pem -days "$DAYS" -config ca.cnf -out ca-cert.pem
}

# NAME CN PURPOSE: a key, and a certificate that the CA has signed.
make_signed() {
    local alternatives=IP:127.0.0.1 host
    for host in "${hosts[@]}"; do
        alternatives="$(alternative "$host" IP), $alternatives"
    done
    cat > "$1.cnf" << END
[req]
distinguished_name = name
prompt = no
[name]
CN = $2
[signed]
basicConstraints = CA:false
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = $3
subjectAltName = $alternatives
END
    quietly openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1-key.pem"
    quietly openssl req -new -sha256 -key "$1-key.pem" -config "$1.cnf" -out "$1.csr"
    quietly openssl x509 -req -sha256 -in "$1.csr" -CA ca-cert.pem -CAkey ca-key.pem \
        -CAcreateserial -days "$DAYS" -extfile "$1.cnf" -extensions signed -out "$1-cert.pem"
    quietly openssl pkcs12 -export -name "$1" -in "$1-cert.pem" -inkey "$1-key.pem" \
        -certfile ca-cert.pem -passout env:KAFKA_TLS_PASSWORD -out "kafka.$1.keystore.p12"
}

# Only Java can mark a certificate in a store as trusted.
make_java_stores() {
    local name kind
    for name in "${SIGNED[@]}"; do
        quietly keytool -importkeystore -noprompt \
            -srckeystore "kafka.$name.keystore.p12" -srcstoretype PKCS12 \
            -srcstorepass:env KAFKA_TLS_PASSWORD -destkeystore "kafka.$name.keystore.jks" \
            -deststoretype JKS -deststorepass:env KAFKA_TLS_PASSWORD
        for kind in PKCS12:p12 JKS:jks; do
            quietly keytool -importcert -noprompt -alias ca -file ca-cert.pem \
                -keystore "kafka.$name.truststore.${kind#*:}" -storetype "${kind%:*}" \
                -storepass:env KAFKA_TLS_PASSWORD
        done
    done
}

make_everything() {
    make_ca
    make_signed broker localhost serverAuth,clientAuth
    make_signed client gatlingpy clientAuth
    if has_keytool; then
        make_java_stores
    fi
    printf '%s\n' "$KAFKA_TLS_PASSWORD" > "$CREDENTIALS"
    # A broker in a container runs as another user, and must read what is mounted.
    chmod 644 ./*-cert.pem ./kafka.* "$CREDENTIALS"
}

main() {
    read_arguments "$@"
    command -v openssl > /dev/null || fail "openssl is not installed"
    [ "${#KAFKA_TLS_PASSWORD}" -ge 6 ] || fail "KAFKA_TLS_PASSWORD needs at least 6 characters"
    if [ "$force" = no ] && anything_there; then
        local wrong
        wrong=$(what_is_wrong)
        [ -z "$wrong" ] || fail "$folder: $wrong; --force makes all of them anew"
        echo "$folder has valid certificates already; --force makes new ones"
        return
    fi
    mkdir -p "$folder"
    workshop=$(mktemp -d "$folder/.making.XXXXXX")
    trap 'rm -rf "$workshop"' EXIT
    (cd "$workshop" && make_everything)
    rm -f "$folder"/kafka.*.p12 "$folder"/kafka.*.jks
    local file
    while read -r file; do
        mv -f "$workshop/$file" "$folder/$file"
    done < <(wanted_files)
    chmod 755 "$folder"
    echo "$folder: certificates for ${hosts[*]} 127.0.0.1, valid $DAYS days"
    has_keytool || echo "without keytool there are no trust stores for Java: let it read ca-cert.pem" \
        "(ssl.truststore.type=PEM)"
}

main "$@"
