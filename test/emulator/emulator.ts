import type { RequestListener } from "node:http";
import { makeCertificates } from "./certificates.ts";
import type { Control } from "./control/control.ts";
import { createControlListener } from "./control/http/controlListener.ts";
import { ENTRA_PATHS } from "./entra/entra.ts";
import { TENANT_ID } from "./entra/issuer.ts";
import { readHead } from "./http/call.ts";
import { listen } from "./http/listener.ts";
import { listHostNames } from "./iotHub/hostNames.ts";
import { answerRequest } from "./traffic/exchange.ts";
import { type Address, createWorld, type EmulatorOptions, type World } from "./world.ts";

export type { Control, Fault, LoggedRequest, RequestMatch } from "./control/control.ts";
export type { DeviceChange, DeviceSeed, DeviceView } from "./control/deviceView.ts";
export type {
	ImportChange,
	ImportView,
	MachineChange,
	MachineSeed,
	MachineView,
} from "./control/machineView.ts";
export { OTHER_TENANT_ID, TENANT_ID } from "./entra/issuer.ts";
export type { ForcedError, HashMark } from "./graph/autopilot.ts";
export { generateHardwareHash } from "./graph/hardwareHash.ts";
export type { DdsErrorName } from "./graph/importRecord.ts";
export type { AutopilotSwitches } from "./graph/switches.ts";
export type { EmulatorOptions } from "./world.ts";

/** The addresses of a running emulator, as the command line prints them. */
export interface Addresses {
	/** The hub. `connectionString` is that of the policy iothubowner. */
	readonly iotHub: { readonly url: string; readonly hostName: string; readonly connectionString: string };
	/** The directory and the ways to get a token from it. `authority` is its origin, without the tenant. */
	readonly entra: {
		readonly authority: string;
		readonly tenantId: string;
		readonly clientId: string;
		readonly clientSecret: string;
		/** The values of `IDENTITY_ENDPOINT` and `IDENTITY_HEADER` in App Service; always plain HTTP. */
		readonly managedIdentity: { readonly endpoint: string; readonly header: string };
		/** The values of `ACTIONS_ID_TOKEN_REQUEST_URL` and `ACTIONS_ID_TOKEN_REQUEST_TOKEN` in GitHub Actions. */
		readonly pipeline: { readonly requestUrl: string; readonly requestToken: string };
	};
	/** Microsoft Graph. `url` precedes `/v1.0` and `/beta`; tokens are for `<url>/.default`. */
	readonly graph: { readonly url: string };
	/** A PEM file with the authority that signed the certificate; only with TLS. */
	readonly caFile?: string;
}

/** A running emulator. */
export interface Emulator extends Addresses {
	/** The control, in process. */
	readonly control: Control;
	/** The address of the control, over plain HTTP. */
	readonly controlUrl: string;
	/** Stops everything. Held and waiting requests end without a response. */
	close(): Promise<void>;
}

/** Starts an IoT Hub, Microsoft Graph and a directory on loopback. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
	const { hostName = "localhost", switches } = options;
	const hostNames = switches?.hostAliases === false ? [hostName] : listHostNames(hostName);
	const certificates = options.tls ? await makeCertificates(hostNames) : undefined;
	const main = await listen(options.port ?? 0, certificates?.tls).catch(async (error: unknown) => {
		await certificates?.remove();
		throw error;
	});
	const plain = certificates ? await listen(0) : main;
	const origin = `${certificates ? "https" : "http"}://localhost:${main.port}`;
	const plainOrigin = `http://127.0.0.1:${plain.port}`;
	const address = { hostName: options.hostName ?? `localhost:${main.port}`, port: main.port, origin };
	const world = createWorld(options, address);
	const listener = createListener(world);
	for (const each of new Set([main, plain])) each.serve(listener);
	return {
		...listAddresses(world, address, plainOrigin),
		control: world.control,
		controlUrl: `${plainOrigin}/_control`,
		...(certificates && { caFile: certificates.caFile }),
		close: async () => {
			world.control.gate.resume();
			world.way.clock.stop();
			await Promise.all([main.close(), plain === main ? undefined : plain.close(), certificates?.remove()]);
		},
	};
}

/** Returns the addresses by which a client reaches a world. */
export function listAddresses(
	{ control, secrets }: World,
	{ hostName, origin }: Address,
	plainOrigin: string,
): Addresses {
	const { clientId, clientSecret } = control.principals.first;
	return {
		graph: { url: origin },
		iotHub: { url: origin, hostName, connectionString: control.hub.connectionString() },
		entra: {
			authority: origin,
			tenantId: TENANT_ID,
			clientId,
			clientSecret,
			managedIdentity: {
				endpoint: `${plainOrigin}${ENTRA_PATHS.managedIdentity}`,
				header: secrets.identityHeader,
			},
			pipeline: {
				requestUrl: `${origin}${ENTRA_PATHS.pipelineToken}?v=1`,
				requestToken: secrets.requestToken,
			},
		},
	};
}

/** Passes each request to the service that owns it. Requests under `/_control` go to the control and are not logged. */
function createListener({ control, services, way }: World): RequestListener {
	const serveControl = createControlListener(control);
	return (request, response) => {
		const head = readHead(request.method ?? "GET", request.url ?? "/", request.headers);
		if (head.segments[0] === "_control") return serveControl(request, response);
		const service = services.find((candidate) => candidate.owns(head));
		if (service) void answerRequest({ request, response, head }, service, way);
	};
}
