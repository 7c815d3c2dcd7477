import type { Credential } from "../auth/credential.ts";
import { authorize } from "../http/authorize.ts";
import type { Policy, Request, Response, Send } from "../http/message.ts";
import { ConfigurationError } from "../settings/errors.ts";
import { IOTHUB_SETTINGS } from "./settings.ts";

/** The environment variable that can hold another connection string than the stack's configuration. */
export const [VARIABLE] = IOTHUB_SETTINGS.connectionString.env;

/** Where a hub's connection string was found, and what else there is to sign in with. */
export interface KeyOrigin {
	/** The environment variable that holds it; absent where it is the stack's configuration. */
	readonly variable?: string;
	readonly spare: Spare;
}

/** What {@link VARIABLE} holds for a hub whose connection string is in the stack's configuration. */
export type Spare =
	/** Nothing for this hub. */
	| { readonly is: "missing" }
	| { readonly is: "same" }
	| { readonly is: "other"; readonly credential: Credential }
	/** It cannot be read. */
	| { readonly is: "faulty"; readonly fault: string };

/** Who signs requests to a hub. */
export interface HubSigner {
	readonly hostName: string;
	readonly credential: Credential;
	/** Absent for a sign-in by Microsoft Entra. */
	readonly keyOrigin?: KeyOrigin;
}

/**
 * Signs each request, and tries the other key for the same hub where there is one and the first is refused: Pulumi hands
 * the configuration of the last `up` to a `destroy` and a `refresh`, so the key in it may have been regenerated since.
 *
 * @param say puts a message in front of the user
 */
export function signing(hub: HubSigner, say: (text: string) => void): Policy {
	const first = authorize(hub.credential);
	const spare = hub.keyOrigin?.spare;
	if (spare?.is !== "other") return first;
	const second = authorize(spare.credential);
	// By meter, for a policy may have the permission for one and not for another.
	const chosen = new Map<string, Policy>();
	let isSaid = false;

	const tellOnce = (): void => {
		if (!isSaid) say(changeTold(hub, spare.credential));
		isSaid = true;
	};
	return (next) => async (request) => {
		const known = chosen.get(request.meter);
		if (known !== undefined) return known(next)(request);
		const refusal = await refusalOf(first(next), request);
		if ("accepted" in refusal) return refusal.accepted;
		const response = await second(next)(request);
		const isAccepted = response.status !== 401;
		chosen.set(request.meter, isAccepted ? second : first);
		if (isAccepted) tellOnce();
		return isAccepted ? response : (refusal.response ?? response);
	};
}

/** What came of the first key: an answer, a 401, or nothing where the key is a signature that has expired. */
async function refusalOf(
	send: Send,
	request: Request,
): Promise<{ accepted: Response } | { response?: Response }> {
	try {
		const response = await send(request);
		return response.status === 401 ? { response } : { accepted: response };
	} catch (error) {
		if (error instanceof ConfigurationError) return {};
		throw error;
	}
}

function changeTold({ hostName, credential }: HubSigner, spare: Credential): string {
	return (
		`Hub ${hostName} cannot be used with ${IOTHUB_SETTINGS.connectionString.key} of the stack's configuration ` +
		`(${credential.identity}). The connection string in the environment variable ${VARIABLE} (${spare.identity}) is ` +
		"used instead."
	);
}

/** Says where a refused key came from and how another one gets there, as sentences with a blank before them. */
export function keyRemedy({ variable, spare }: KeyOrigin): string {
	const { key } = IOTHUB_SETTINGS.connectionString;
	if (variable !== undefined)
		return ` The key is from the environment variable ${variable}. If it was regenerated, set ${variable} to the current connection string.`;
	return (
		` The key is from ${key} in the configuration that Pulumi handed over. In \`pulumi destroy\` and \`pulumi refresh\`, ` +
		"and in an `up` that leaves no dynamic resource in the program, that is the configuration of the last `up`, whatever " +
		"was set since." +
		`${spareTold(spare)} If the key was regenerated, put the current connection string into the environment ` +
		`(\`${VARIABLE}='HostName=…' pulumi destroy\`); or set ${key} and run the command with \`--run-program\`, or ` +
		"`pulumi up` first."
	);
}

function spareTold(spare: Spare): string {
	switch (spare.is) {
		case "missing":
			return "";
		case "same":
			return ` ${VARIABLE} holds the same key.`;
		case "faulty":
			return ` ${VARIABLE} was not tried, because it cannot be read (${spare.fault}).`;
		case "other":
			return ` The connection string in ${VARIABLE} (${spare.credential.identity}) was tried and refused, too.`;
	}
}
