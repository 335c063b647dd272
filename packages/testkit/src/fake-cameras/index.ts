export { FakeMjpegCamera, type FakeMjpegCameraOptions } from "./fake-mjpeg-camera.ts";
export { FakeRtspCamera, type FakeRtspCameraOptions } from "./fake-rtsp-camera.ts";
