import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";

/**
 * Returns all certificate authorities to trust, each as PEM text: those of the file, those of Node.js and those of
 * `NODE_EXTRA_CA_CERTS`. The last two are included because a list of authorities replaces the default ones.
 *
 * @param caFile the path of a PEM file
 */
export function readCertificateAuthorities(caFile: string): string[] {
	const extraFile = process.env["NODE_EXTRA_CA_CERTS"];
	const files = extraFile ? [caFile, extraFile] : [caFile];
	return [...rootCertificates, ...files.map((file) => readFileSync(file, "utf8"))];
}
