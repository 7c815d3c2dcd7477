import assert from "node:assert/strict";
import { before, beforeEach } from "node:test";
import * as pulumi from "@pulumi/pulumi";

/** A resource as it was registered with the engine. */
export interface Registered {
	readonly type: string;
	readonly name: string;
	/** The id, if the resource is read. */
	readonly id: string | undefined;
	readonly inputs: Readonly<Record<string, unknown>>;
}

/** The engine's response. */
interface Made {
	/** The id of a resource that is not read. Default: its name. */
	readonly id?: string;
	readonly state: Record<string, unknown>;
}

/** The SDK's mocked engine for all tests of a file; each test begins without resources. */
export class MockedEngine {
	/** All resources that were declared in this test, in order. */
	readonly registered: Registered[] = [];
	/** The resource options, which the mocks do not receive. */
	readonly options: pulumi.CustomResourceOptions[] = [];

	constructor(make: (inputs: Record<string, unknown>) => Made) {
		before(() =>
			pulumi.runtime.setMocks({
				newResource: ({ type, name, inputs, id }) => {
					this.registered.push({ type, name, inputs, id });
					const made = make(inputs);
					return { id: id || (made.id ?? name), state: made.state };
				},
				call: () => ({}),
			}),
		);
		beforeEach(() => {
			this.registered.length = 0;
			this.options.length = 0;
		});
	}

	/** Returns options that record themselves in {@link options}. */
	seen(given: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
		const see: pulumi.ResourceTransformation = ({ opts }) => {
			this.options.push(opts);
			return undefined;
		};
		return { ...given, transformations: [see] };
	}

	/** Returns the resource that was registered last. */
	async told(resource: pulumi.Resource): Promise<Registered> {
		await awaitOutput(resource.urn);
		return this.registered.at(-1) ?? assert.fail("nothing was declared");
	}
}

/** Resolves to the value of an output. */
export function awaitOutput<Value>(output: pulumi.Output<Value>): Promise<Value> {
	return new Promise((resolve) => output.apply(resolve));
}

/** Returns a value without its mark as a secret. */
export function unwrapSecret(value: unknown): unknown {
	return pulumi.runtime.unwrapRpcSecret(value);
}
