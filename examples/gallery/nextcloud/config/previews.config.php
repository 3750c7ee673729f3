<?php
$CONFIG = [
  'enabledPreviewProviders' => ['OC\Preview\Imaginary', 'OC\Preview\MarkDown', 'OC\Preview\MP3'],
  'preview_imaginary_url' => getenv('PREVIEW_IMAGINARY_URL'),
  'maintenance_window_start' => 1,
];
