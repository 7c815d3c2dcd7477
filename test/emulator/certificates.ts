import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import type { TlsMaterial } from "./http/listener.ts";
import { removePort } from "./iotHub/hostNames.ts";

/** A certificate for the listener, and the file from which clients learn to trust it. */
export interface Certificates {
	readonly tls: TlsMaterial;
	/** A PEM file with the certificate of the authority. */
	readonly caFile: string;
	/** Removes the file. */
	remove(): Promise<void>;
}

/** Creates an authority, and a certificate signed by it for localhost, 127.0.0.1 and these host names. */
export async function makeCertificates(hostNames: readonly string[]): Promise<Certificates> {
	const authority = await generate([{ name: "commonName", value: "Device identity emulator" }], {
		keyType: "ec",
		algorithm: "sha256",
		extensions: [
			{ name: "basicConstraints", cA: true, critical: true },
			{ name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
		],
	});
	const leaf = await generate([{ name: "commonName", value: removePort(hostNames[0] ?? "localhost") }], {
		keyType: "ec",
		algorithm: "sha256",
		ca: { key: authority.private, cert: authority.cert },
		extensions: [
			{ name: "basicConstraints", cA: false },
			{ name: "keyUsage", digitalSignature: true, critical: true },
			{ name: "extKeyUsage", serverAuth: true },
			{ name: "subjectAltName", altNames: listAlternativeNames(hostNames) },
		],
	});
	const folder = await mkdtemp(join(tmpdir(), "device-identity-emulator-"));
	const caFile = join(folder, "ca.pem");
	await writeFile(caFile, authority.cert);
	return {
		tls: { cert: leaf.cert, key: leaf.private },
		caFile,
		remove: () => rm(folder, { recursive: true, force: true }),
	};
}

function listAlternativeNames(
	hostNames: readonly string[],
): Array<{ type: 2; value: string } | { type: 7; ip: string }> {
	const names = [...new Set(["localhost", ...hostNames.map(removePort)])].map((value) => ({
		type: 2 as const,
		value,
	}));
	return [...names, { type: 7, ip: "127.0.0.1" }];
}
