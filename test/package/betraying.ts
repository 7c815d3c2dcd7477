import { homedir, tmpdir } from "node:os";
import { ROOT } from "./pack.ts";

/** Hosts that a published file may name: Microsoft's clouds, cited pages, and this machine as an example. */
const HOSTS = new Set([
	"127.0.0.1:8443",
	"docs.oasis-open.org",
	"dod-graph.microsoft.us",
	"github.com",
	"graph.microsoft.com",
	"graph.microsoft.us",
	"iothubs.azure.net",
	"iothubs.azure.us",
	"keepachangelog.com",
	"learn.microsoft.com",
	"login.chinacloudapi.cn",
	"login.microsoftonline.com",
	"my-hub.service.azure-devices.net",
	"login.microsoftonline.us",
	"microsoftgraph.chinacloudapi.cn",
	"semver.org",
	"www.apache.org",
	"www.pulumi.com",
	"www.w3.org",
]);

/** Patterns that no published file may match, by description. Our own patterns have brackets where a secret has letters. */
const PATTERNS: Readonly<Record<string, RegExp>> = {
	"a key or a certificate in PEM": /-----BEGIN [A-Z ]+-----/,
	"a token of three parts": /\beyJ[\w-]{8,}\.[\w-]{4,}/,
	"a token of a registry, of GitHub or of Pulumi":
		/\bnpm_\w{20,}|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\bpul-[0-9a-f]{40}|_authToken/,
	"a connection string": /SharedAccessKey=(?![<$])[\w+/]{4,}/,
	"a signature": /SharedAccessSignature sr=[^<$\s]*&sig=[\w%]{8,}/,
	"a key": /(?<![\w+/])(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)(?![\w+/=])/,
	"a hash": /[A-Za-z0-9+/]{200,}/,
	"a folder of a machine":
		/(?<![\w.<>}/-])\/(?:home|Users|root|tmp|work|var|mnt|opt|private)\/\w|\b[A-Za-z]:\\+(?:Users|Windows|Temp|work)\b/i,
	"a part of our tests": /(?:require\(|import\(|from )["'][^"']*\btest\//,
	"where a package was taken from": /"(?:_resolved|resolved|_from)"\s*:/,
};

/** The published example of a list of machines. Its hashes are invented. */
export const EXAMPLE_MACHINES = "examples/autopilot/machines.csv";

/** Returns the secrets in a text and the traces of the machine that built it, each with a description. */
export function findBetrayals(text: string): string[] {
	const own = [ROOT, homedir(), tmpdir()].filter((folder) => folder.length > 1);
	const hosts = [...text.matchAll(/https?:\/\/([\w.:-]+)/g)].map(([, host = ""]) =>
		host.replace(/[.:]$/, ""),
	);
	return [
		...Object.entries(PATTERNS).flatMap(([what, pattern]) =>
			pattern.test(text) ? [`${what}: ${pattern.exec(text)}`] : [],
		),
		...own.filter((folder) => text.includes(`${folder}/`)).map((folder) => `a folder of ours: ${folder}`),
		...hosts.filter((host) => !HOSTS.has(host)).map((host) => `a host: ${host}`),
	];
}
