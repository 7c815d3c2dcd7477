import { createPrivateKey } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";

/** The password of the encrypted key. It is not plain ASCII and has characters that JSON and URLs escape. */
export const PASSWORD = 'Pä55-word "of" the+key/&=';

/** PEM files that users may configure, by content. */
export interface PemFiles {
	readonly plain: string;
	/** The key is encrypted with the {@link PASSWORD}. */
	readonly encrypted: string;
	readonly "of a key alone": string;
	readonly "of a certificate alone": string;
	/** Some lines of its key are missing. */
	readonly torn: string;
	/** The lines of its key, without the BEGIN and END lines. */
	readonly "without its frame": string;
	readonly missing: string;
}

/** An application's certificate and key, in files. */
export interface ApplicationKey {
	readonly files: PemFiles;
	/** The pieces of the key, in base64, hexadecimal digits and encrypted. */
	readonly secrets: readonly string[];
	remove(): Promise<void>;
}

/** Creates an application's certificate, its key, and files of both. */
export async function makeApplicationKey(): Promise<ApplicationKey> {
	const { cert: certificate, private: plain } = await generate([{ name: "commonName", value: "app" }]);
	const cert = `${certificate.trimEnd()}\n`;
	const key = createPrivateKey(plain);
	const cipher = { cipher: "aes-256-cbc", passphrase: PASSWORD } as const;
	const encrypted = String(key.export({ type: "pkcs8", format: "pem", ...cipher }));
	const folder = await mkdtemp(join(tmpdir(), "application-"));
	const texts = {
		plain: cert + plain,
		encrypted: cert + encrypted,
		"of a key alone": plain,
		"of a certificate alone": cert,
		torn: cert + plain.split("\n").toSpliced(3, 4).join("\n"),
		"without its frame": cert + plain.replace(/-----.*-----/g, ""),
	};
	const files: PemFiles = { ...texts, missing: "" };
	for (const name of Object.keys(files)) Object.assign(files, { [name]: join(folder, `${name}.pem`) });
	for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, `${name}.pem`), text);
	return {
		files,
		secrets: [
			...splitPem(plain),
			...splitPem(encrypted),
			...splitPem(key.export({ type: "pkcs8", format: "der" }).toString("hex")),
		],
		remove: () => rm(folder, { recursive: true, force: true }),
	};
}

/** Returns a quarter of each line, so that half a line in any text contains at least one piece. */
function splitPem(text: string): string[] {
	return text.replace(/-----.*-----/g, "").match(/[^\n]{16}/g) ?? [];
}

/** Returns a key in base64 whose 32 bytes are readable text. */
export function createGivenKey(text: string): string {
	return Buffer.from(text.padEnd(32, ".")).toString("base64");
}

/** The keys that a program declares for a device. */
export const GIVEN = {
	primaryKey: createGivenKey("a first key, given"),
	secondaryKey: createGivenKey("a second key, given"),
};

/** Matches text that looks like a token of Entra. */
export const ENTRA_TOKEN = /\beyJ[\w-]{10}/;

/** Returns a token of these parts, encoded but not signed. */
export function createUnsignedToken(...parts: readonly string[]): string {
	return parts.map((part) => Buffer.from(part).toString("base64url")).join(".");
}
