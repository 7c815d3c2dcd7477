import type { ServiceError } from "@grpc/grpc-js";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { annotateSecrets, containsUnknowns, type PropertyMap } from "../values/value.ts";
import { createPlainReceiver, readStruct, toStruct } from "../values/wire.ts";
import { readProviderError } from "./providerError.ts";
import type { ProviderProcess } from "./providerProcess.ts";

/** The resource of a call. */
export interface Subject {
	readonly urn: string;
	readonly id?: string;
}

/** A failure that `check` found in the inputs. */
export interface CheckFailure {
	readonly property: string;
	readonly reason: string;
}

/** The result of `diff`. Providers that do not decide leave the comparison to the engine. */
export interface DiffAnswer {
	readonly changes: "none" | "some" | "unknown";
	readonly replaceKeys: readonly string[];
	readonly deleteBeforeReplace: boolean;
}

/** The result of `read`; an empty id means that the resource does not exist. */
export interface ReadAnswer {
	readonly id: string;
	readonly outputs: PropertyMap | undefined;
	readonly inputs: PropertyMap | undefined;
}

/**
 * The engine's side of a dynamic provider (pkg/resource/plugin/provider_plugin.go). It does not accept secrets: values
 * are sent in plain text, and returned values are secret if their counterparts were.
 */
export class Provider {
	readonly #process: ProviderProcess;

	constructor(process: ProviderProcess) {
		this.#process = process;
	}

	/** Passes the stack's decrypted configuration. */
	async configure(config: PropertyMap): Promise<void> {
		const request = new rpc.ConfigureRequest();
		request.setArgs(toStruct(config, { secrets: true, unknowns: true, resources: true }));
		request.setAcceptsecrets(true);
		request.setAcceptresources(true);
		await this.#call<rpc.ConfigureResponse>((reply) => this.#process.client.configure(request, reply));
	}

	/** Validates inputs and fills in defaults. */
	async check(
		{ urn }: Subject,
		olds: PropertyMap,
		news: PropertyMap,
		unknowns: boolean,
	): Promise<{ inputs: PropertyMap; failures: CheckFailure[] }> {
		const request = new rpc.CheckRequest();
		request.setUrn(urn);
		request.setOlds(toStruct(olds, createPlainReceiver(unknowns)));
		request.setNews(toStruct(news, createPlainReceiver(unknowns)));
		const answer = await this.#call<rpc.CheckResponse>((reply) => this.#process.client.check(request, reply));
		const inputs = readStruct(answer.getInputs());
		if (!unknowns && containsUnknowns(inputs)) throw new Error("unexpected unknown property value");
		return {
			inputs: annotateSecrets(inputs, news),
			failures: answer.getFailuresList().map((failure) => failure.toObject()),
		};
	}

	/** Returns the effect of changed inputs. */
	async diff(
		{ urn, id = "" }: Subject,
		olds: { readonly inputs: PropertyMap; readonly outputs: PropertyMap },
		news: PropertyMap,
		unknowns: boolean,
	): Promise<DiffAnswer> {
		const request = new rpc.DiffRequest();
		request.setId(id);
		request.setUrn(urn);
		request.setOlds(toStruct(olds.outputs, createPlainReceiver(unknowns)));
		request.setOldInputs(toStruct(olds.inputs, createPlainReceiver(unknowns)));
		request.setNews(toStruct(news, createPlainReceiver(unknowns)));
		const answer = await this.#call<rpc.DiffResponse>((reply) => this.#process.client.diff(request, reply));
		return {
			changes: (["unknown", "none", "some"] as const)[answer.getChanges()],
			replaceKeys: answer.getReplacesList(),
			deleteBeforeReplace: answer.getDeletebeforereplace(),
		};
	}

	/** Creates the resource. */
	async create(
		{ urn }: Subject,
		inputs: PropertyMap,
		timeout: number,
	): Promise<{ id: string; outputs: PropertyMap }> {
		const request = new rpc.CreateRequest();
		request.setUrn(urn);
		request.setProperties(toStruct(inputs, createPlainReceiver(false)));
		request.setTimeout(timeout);
		const answer = await this.#call<rpc.CreateResponse>((reply) =>
			this.#process.client.create(request, reply),
		);
		if (answer.getId() === "") throw new Error(`plugin returned empty resource.ID from create '${urn}'`);
		return { id: answer.getId(), outputs: annotateSecrets(readStruct(answer.getProperties()), inputs) };
	}

	/** Reads the current resource. */
	async read(
		{ urn, id = "" }: Subject,
		inputs: PropertyMap,
		outputs: PropertyMap,
		timeout: number,
	): Promise<ReadAnswer> {
		const request = new rpc.ReadRequest();
		request.setId(id);
		request.setUrn(urn);
		request.setInputs(toStruct(inputs, createPlainReceiver(false)));
		request.setProperties(toStruct(outputs, createPlainReceiver(false)));
		request.setTimeout(timeout);
		const answer = await this.#call<rpc.ReadResponse>((reply) => this.#process.client.read(request, reply));
		return {
			id: answer.getId(),
			outputs: answer.hasProperties()
				? annotateSecrets(readStruct(answer.getProperties()), outputs)
				: undefined,
			inputs: answer.hasInputs() ? annotateSecrets(readStruct(answer.getInputs()), inputs) : undefined,
		};
	}

	/** Changes the resource in place. */
	async update(
		{ urn, id = "" }: Subject,
		olds: { readonly inputs: PropertyMap; readonly outputs: PropertyMap },
		news: PropertyMap,
		timeout: number,
	): Promise<PropertyMap> {
		const request = new rpc.UpdateRequest();
		request.setId(id);
		request.setUrn(urn);
		request.setOlds(toStruct(olds.outputs, createPlainReceiver(false)));
		request.setOldInputs(toStruct(olds.inputs, createPlainReceiver(false)));
		request.setNews(toStruct(news, createPlainReceiver(false)));
		request.setTimeout(timeout);
		const answer = await this.#call<rpc.UpdateResponse>((reply) =>
			this.#process.client.update(request, reply),
		);
		return annotateSecrets(readStruct(answer.getProperties()), news);
	}

	/** Deletes the resource. */
	async delete(
		{ urn, id = "" }: Subject,
		inputs: PropertyMap,
		outputs: PropertyMap,
		timeout: number,
	): Promise<void> {
		const request = new rpc.DeleteRequest();
		request.setId(id);
		request.setUrn(urn);
		request.setOldInputs(toStruct(inputs, createPlainReceiver(false)));
		request.setProperties(toStruct(outputs, createPlainReceiver(false)));
		request.setTimeout(timeout);
		await this.#call((reply) => this.#process.client.delete(request, reply));
	}

	/** Ends the provider's process. */
	close(): Promise<void> {
		return this.#process.close();
	}

	#call<Answer>(
		send: (reply: (error: ServiceError | null, answer: Answer) => void) => unknown,
	): Promise<Answer> {
		return new Promise((resolve, reject) => {
			send((error, answer) => (error === null ? resolve(answer) : reject(readProviderError(error))));
		});
	}
}
