import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

const ITERATIONS = 1_000_000;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PROBE = "pulumi";

const derive = promisify(pbkdf2);
const keys = new Map<string, Promise<Buffer>>();
const salts = new Map<string, Promise<string>>();

/** Encrypts and decrypts the secrets of one stack. */
export interface Crypter {
	/** The state file's data about the key: a salt and a word encrypted with it, which detects a wrong passphrase. */
	readonly salt: string;
	encrypt(plain: string): string;
	decrypt(cipher: string): string;
}

/**
 * Creates Pulumi's passphrase secrets manager: AES-256-GCM with a key from PBKDF2 with SHA-256
 * (pkg/secrets/passphrase/manager.go, sdk/go/common/resource/config/crypt.go). Deriving a key is slow on purpose, so
 * one process derives each only once, and new stacks of one process and passphrase share a salt.
 */
export async function makeCrypter(passphrase: string, salt?: string): Promise<Crypter> {
	const known = salt ?? (await remember(salts, passphrase, () => makeSalt(passphrase)));
	const key = await deriveKey(passphrase, known.split(":")[1] ?? "");
	const crypter: Crypter = {
		salt: known,
		encrypt: (plain) => encrypt(key, plain),
		decrypt: (cipher) => decryptText(key, cipher),
	};
	verify(crypter);
	return crypter;
}

async function makeSalt(passphrase: string): Promise<string> {
	const salt = randomBytes(8).toString("base64");
	return `v1:${salt}:${encrypt(await deriveKey(passphrase, salt), PROBE)}`;
}

const deriveKey = (passphrase: string, salt: string): Promise<Buffer> =>
	remember(keys, `${salt}:${passphrase}`, () =>
		derive(passphrase, Buffer.from(salt, "base64"), ITERATIONS, KEY_BYTES, "sha256"),
	);

function verify(crypter: Crypter): void {
	try {
		if (crypter.decrypt(crypter.salt.split(":").slice(2).join(":")) === PROBE) return;
	} catch {
		// Reported below, like a key that decrypts to another word.
	}
	throw new Error("incorrect passphrase");
}

function encrypt(key: Buffer, plain: string): string {
	const nonce = randomBytes(NONCE_BYTES);
	const cipher = createCipheriv("aes-256-gcm", key, nonce);
	const sealed = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
	return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}

function decryptText(key: Buffer, text: string): string {
	const [version, nonce = "", sealed = ""] = text.split(":");
	if (version !== "v1") throw new Error("unknown value version");
	const bytes = Buffer.from(sealed, "base64");
	const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
	decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
	return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString("utf8");
}

function remember<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
	const found = cache.get(key) ?? make();
	cache.set(key, found);
	return found;
}
