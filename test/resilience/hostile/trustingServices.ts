import type { Credential } from "../../../provider/auth/credential.ts";
import { createGraphService, type GraphService } from "../../../provider/graph/service.ts";
import { createIotHubService, type IotHubService } from "../../../provider/iothub/service.ts";
import { QuickClock } from "../../contract/harness/clocks.ts";

/** Configuration by key. */
export type Config = Readonly<Record<string, string>>;

/** What is sent to whoever stands for Graph. */
export const TOKEN = "Bearer the-token";

/** A sign-in that is over. */
const CREDENTIAL: Credential = {
	scheme: "entra",
	identity: "Microsoft Entra identity (clientSecret)",
	getAuthorizationHeader: async () => TOKEN,
	handleUnauthorized: () => false,
	describeClockSkew: () => "",
};

const KEY = Buffer.alloc(32, 7).toString("base64");

/** A provider that was told to trust this server as its hub; what it says is noted where somebody listens. */
export function openTrustingHub(origin: string, config: Config = {}, said: string[] = []): IotHubService {
	const settings: Config = {
		"iothub:connectionString": `HostName=fleet.azure-devices.net;SharedAccessKeyName=owner;SharedAccessKey=${KEY}`,
		"iothub:endpoint": origin,
		...config,
	};
	return createIotHubService({ ...createRuntime(settings), warn: (text) => void said.push(text) });
}

/** A provider that was told to trust this server as Graph. */
export function openTrustingGraph(origin: string, config: Config = {}): GraphService {
	const settings = { "autopilot:endpoint": origin, ...config };
	return createGraphService({ ...createRuntime(settings), warn: () => {}, credential: CREDENTIAL });
}

function createRuntime(settings: Config) {
	return { sources: { config: (key: string) => settings[key], env: {} }, clock: new QuickClock() };
}
