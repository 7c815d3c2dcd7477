import { createPrivateKey } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";

/** The password of the key that has one; no ASCII alone, and with what JSON and addresses write otherwise. */
export const PASSWORD = 'Pä55-word "of" the+key/&=';

/** Files in PEM as people may name them, by what they are. */
export interface PemFiles {
	readonly plain: string;
	/** Its key is encrypted with the {@link PASSWORD}. */
	readonly encrypted: string;
	readonly "of a key alone": string;
	readonly "of a certificate alone": string;
	/** Some lines of its key are missing. */
	readonly torn: string;
	/** Its key's lines are there, but not what stands around them. */
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

/** Makes an application's certificate, its key, and files of both. */
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

/** A quarter of a line each: no text has half a line without one of them. */
function splitPem(text: string): string[] {
	return text.replace(/-----.*-----/g, "").match(/[^\n]{16}/g) ?? [];
}

/** A key in base64, of 32 bytes that say what it is. */
export function createGivenKey(text: string): string {
	return Buffer.from(text.padEnd(32, ".")).toString("base64");
}

/** The keys that a program gives to a device. */
export const GIVEN = {
	primaryKey: createGivenKey("a first key, given"),
	secondaryKey: createGivenKey("a second key, given"),
};

/** What looks like one of Entra's tokens. */
export const ENTRA_TOKEN = /\beyJ[\w-]{10}/;

/** A token of these parts: each is encoded, none is signed. */
export function createUnsignedToken(...parts: readonly string[]): string {
	return parts.map((part) => Buffer.from(part).toString("base64url")).join(".");
}
