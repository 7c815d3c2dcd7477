import type { Credential } from "../../../provider/auth/credential.ts";
import { createGraphService, type GraphService } from "../../../provider/graph/service.ts";
import { createIotHubService, type IotHubService } from "../../../provider/iothub/service.ts";
import { QuickClock } from "../../contract/harness/clocks.ts";

/** Configuration by key. */
export type Config = Readonly<Record<string, string>>;

/** The token that is sent to the server in place of Graph. */
export const TOKEN = "Bearer the-token";

/** A completed sign-in. */
const CREDENTIAL: Credential = {
	scheme: "entra",
	identity: "Microsoft Entra identity (clientSecret)",
	getAuthorizationHeader: async () => TOKEN,
	handleUnauthorized: () => false,
	describeClockSkew: () => "",
};

const KEY = Buffer.alloc(32, 7).toString("base64");

/** Creates a provider that trusts this server as its hub; a listener receives its messages. */
export function openTrustingHub(origin: string, config: Config = {}, said: string[] = []): IotHubService {
	const settings: Config = {
		"iothub:connectionString": `HostName=fleet.azure-devices.net;SharedAccessKeyName=owner;SharedAccessKey=${KEY}`,
		"iothub:endpoint": origin,
		...config,
	};
	return createIotHubService({ ...createRuntime(settings), warn: (text) => void said.push(text) });
}

/** Creates a provider that trusts this server as Graph. */
export function openTrustingGraph(origin: string, config: Config = {}): GraphService {
	const settings = { "autopilot:endpoint": origin, ...config };
	return createGraphService({ ...createRuntime(settings), warn: () => {}, credential: CREDENTIAL });
}

function createRuntime(settings: Config) {
	return { sources: { config: (key: string) => settings[key], env: {} }, clock: new QuickClock() };
}
