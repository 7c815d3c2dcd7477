import type { ServiceError } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { PropertyMap } from "../values/value.ts";
import { readStruct } from "../values/wire.ts";

/**
 * A provider created an object that is not complete yet: it is kept in state together with the reasons
 * (pkg/resource/plugin/provider_plugin.go, `InitError` and `parseError`).
 */
export class InitError extends Error {
	readonly id: string;
	readonly properties: PropertyMap;
	readonly inputs: PropertyMap | undefined;
	readonly reasons: readonly string[];

	constructor(failure: ErrorResourceInitFailed) {
		const reasons = failure.getReasonsList();
		super(describe(reasons));
		this.id = failure.getId();
		this.properties = readStruct(failure.getProperties());
		this.inputs = failure.hasInputs() ? readStruct(failure.getInputs()) : undefined;
		this.reasons = reasons;
	}
}

/** Joins reasons like the engine, in the format of github.com/hashicorp/go-multierror. */
function describe(reasons: readonly string[]): string {
	if (reasons.length === 0) return "resource init failed";
	const count = reasons.length === 1 ? "1 error occurred" : `${reasons.length} errors occurred`;
	return `${count}:\n\t* ${reasons.join("\n\t* ")}\n\n`;
}

/** Turns a failed call into an {@link InitError} if it carries one, or else into an error with the provider's message. */
export function readProviderError(error: ServiceError): Error {
	for (const bytes of error.metadata?.get("grpc-status-details-bin") ?? []) {
		if (typeof bytes === "string") continue;
		for (const detail of Status.deserializeBinary(new Uint8Array(bytes)).getDetailsList()) {
			if (detail.getTypeName() !== "pulumirpc.ErrorResourceInitFailed") continue;
			return new InitError(ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8()));
		}
	}
	return new Error(error.details === "" ? error.message : error.details);
}
